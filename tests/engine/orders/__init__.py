"""What people and automations ask for, and what is refused them."""
