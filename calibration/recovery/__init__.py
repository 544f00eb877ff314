"""How often searches for formulas find the true one."""
