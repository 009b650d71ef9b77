"""The nouns: frozen values that know nothing of files, YAML, git or terminals."""
