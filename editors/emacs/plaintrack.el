;;; plaintrack.el --- Work items in plain text, by eglot  -*- lexical-binding: t; -*-

;; Package-Requires: ((emacs "28.1") (eglot "1.9"))
;; License: MIT

;;; Commentary:

;; Starts `plaintrack lsp' by eglot, which is a part of Emacs since 29 and a package before, for the files of a workspace: those below a folder with
;; plaintrack.yml.  Put this into your init file:
;;
;;   (load "/path/to/plaintrack/editors/emacs/plaintrack.el")
;;   (add-hook 'markdown-mode-hook #'plaintrack-ensure)

;;; Code:

(require 'eglot)

(defcustom plaintrack-command '("plaintrack" "lsp")
  "The command of the language server.  No folder's own settings can set it."
  :type '(repeat string)
  :risky t
  :group 'tools)

(defun plaintrack-contact (&optional _interactive)
  "The command of the language server, for eglot."
  plaintrack-command)

(add-to-list 'eglot-server-programs
             '((markdown-mode gfm-mode markdown-ts-mode) . plaintrack-contact))

(defun plaintrack-prepare ()
  "Make `#' a part of words here: eglot offers what fits the word before point, and `#rel' is one."
  (let ((table (copy-syntax-table)))
    (modify-syntax-entry ?# "_" table)
    (set-syntax-table table)))

(defun plaintrack-ensure ()
  "Start eglot if the file is in a workspace of plaintrack."
  (when (and buffer-file-name (locate-dominating-file buffer-file-name "plaintrack.yml"))
    (plaintrack-prepare)
    (eglot-ensure)))

(provide 'plaintrack)
;;; plaintrack.el ends here
