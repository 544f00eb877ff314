"""How far learned equations, networks and support vectors hold outside."""
