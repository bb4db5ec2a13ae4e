"""The demo company: people, customers and a year of cases, the same on every machine."""

# Who can log in, and as what; shown at the start and on the login page.
ACCOUNTS = (
    ("desk1, desk2", "front desk: register and route cases, follow up, archive"),
    ("lead.tech, lead.impl, lead.admin, lead.market", "leads: accept notices, approve or return solutions"),
    ("emp.tech, emp.impl, emp.admin", "employees: handle what was assigned to them"),
    ("gm", "general manager: the last step of every escalation"),
    ("office1, office2", "general office: people, departments, limits, calendar"),
)
PASSWORD = "portal-demo"  # noqa: S105 -- printed on purpose; the accounts exist in demo mode only
