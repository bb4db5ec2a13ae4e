"""The ledger of equipment: what there is, who answers for it, what happens when it fails (DR-13)."""
