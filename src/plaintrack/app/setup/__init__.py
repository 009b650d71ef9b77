"""A new workspace, or one over the files of another tracker."""
