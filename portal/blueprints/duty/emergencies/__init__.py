"""Emergencies and drills: declared in two touches, led by a playbook, ended, reported; the playbooks themselves."""
