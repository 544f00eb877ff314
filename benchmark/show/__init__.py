"""What people see: words, tables, pictures and the page, made of the board and the findings."""
