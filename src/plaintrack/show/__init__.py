"""Results of questions as text for people: lines and Markdown; pure."""
