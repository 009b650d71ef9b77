"""What rules do about changes and times: what they may, what they did, what they still owe."""
