"""The commands of the portal by what they are about; `portal.cli` gathers them.

Each is a line or two over what does the work. `common` is how all of them speak and fail.
"""
