"""What is wrong with the work, and what was made of it: the checks, their fixes, the doctor."""
