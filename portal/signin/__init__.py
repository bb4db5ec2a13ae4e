"""Logging in by the company's directory (LDAP, Active Directory) or login service (OpenID Connect).

`mapping` is pure: what a provider's answer means here. `directory` and `oidc` talk to the provider, `step` brings the
person in step with the answer, `sync` does so for everybody the directory has.
"""
