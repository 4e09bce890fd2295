"""How people and automations order, plan and decide: stored, or not at all."""
