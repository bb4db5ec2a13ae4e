"""The settings of a login elsewhere; `portal.config` reads them with all the others."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SigninSettings:
    """PORTAL_LDAP_… and PORTAL_OIDC_…: type and default of each."""

    # The company's directory; nothing changes while no address is set.
    ldap_url: str = ""
    ldap_starttls: bool = False
    ldap_ca_file: str = ""  # empty: the system's
    ldap_bind_dn: str = ""  # who searches; empty: unnamed
    ldap_bind_password: str = ""
    ldap_base: str = ""
    ldap_user_filter: str = "(uid={username})"
    ldap_id_attribute: str = "entryUUID"
    ldap_username_attribute: str = "uid"
    ldap_name_attribute: str = "cn"
    ldap_mail_attribute: str = "mail"
    ldap_department_attribute: str = "departmentNumber"
    ldap_group_attribute: str = "memberOf"
    ldap_group_filter: str = ""  # where entries do not say their groups
    ldap_roles: str = ""  # role=group; …
    ldap_departments: str = ""  # code=value or group; …
    ldap_provision: bool = False
    # The company's login service; nothing changes while no issuer is set.
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_ca_file: str = ""
    oidc_label: str = "SSO"
    oidc_scopes: str = "openid profile email"
    oidc_username_claim: str = "preferred_username"
    oidc_role_claim: str = "groups"
    oidc_roles: str = ""
    oidc_department_claim: str = "department"
    oidc_departments: str = ""
    oidc_provision: bool = False
