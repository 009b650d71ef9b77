;;; play.el --- Plays tests/lsp/transcript.json in Emacs with eglot, in batch mode  -*- lexical-binding: t; -*-

;;; Commentary:

;; Prints what was seen, as JSON between `@@'.  Run: emacs --batch -l play.el

;;; Code:

(require 'package)
(package-initialize)
(require 'json)
(require 'flymake)
(require 'xref)
(require 'eglot)
(load (getenv "PACKAGE"))

(unless (fboundp 'markdown-mode)
  (define-derived-mode markdown-mode text-mode "Markdown"))
(setq make-backup-files nil
      create-lockfiles nil
      eglot-sync-connect 20
      eglot-confirm-server-initiated-edits nil
      plaintrack-command (list (getenv "PYTHON") "-m" "plaintrack" "lsp"))

(defvar play-plan
  (with-temp-buffer
    (let ((coding-system-for-read 'utf-8))
      (insert-file-contents (getenv "TRANSCRIPT")))
    (json-parse-buffer :object-type 'alist :array-type 'list)))

(defun play-wait (holds)
  "Wait until HOLDS gives something, at most 20 seconds."
  (let ((end (+ (float-time) 20)))
    (while (and (not (funcall holds)) (< (float-time) end))
      (accept-process-output nil 0.05))))

(defun play-line (number &optional new)
  "The text of the line NUMBER; NEW takes its place."
  (save-excursion
    (goto-char (point-min))
    (forward-line (1- number))
    (when new
      (delete-region (line-beginning-position) (line-end-position))
      (insert new))
    (buffer-substring-no-properties (line-beginning-position) (line-end-position))))

(defun play-go (step)
  "Go to the beginning of the word of STEP."
  (goto-char (point-min))
  (forward-line (1- (alist-get 'line step)))
  (search-forward (alist-get 'word step))
  (goto-char (match-beginning 0)))

(defun play-told ()
  "Tell the server what was typed."
  (eglot--signal-textDocument/didChange))

(defun play-problems ()
  "Line, column and code of each diagnostic."
  (flymake-start)
  (mapcar (lambda (each)
            (let* ((told (cdr (assoc 'eglot-lsp-diag (eglot--diag-data each))))
                   (start (plist-get (plist-get told :range) :start)))
              (list (1+ (plist-get start :line)) (1+ (plist-get start :character))
                    (plist-get told :code))))
          (sort (flymake-diagnostics)
                (lambda (one two) (< (flymake-diagnostic-beg one) (flymake-diagnostic-beg two))))))

(defun play-write (step)
  "Write a line; the diagnostics then."
  (play-line (alist-get 'line step) (alist-get 'text step))
  (play-told)
  (let ((wanted (alist-get 'problems (alist-get 'see step))))
    (play-wait (lambda () (equal (play-problems) wanted))))
  `((problems . ,(apply #'vector (mapcar (lambda (each) (apply #'vector each)) (play-problems))))))

(defun play-complete (step)
  "Write a line, and choose a completion at its end; the line then."
  (play-line (alist-get 'line step) (alist-get 'text step))
  (goto-char (point-min))
  (forward-line (1- (alist-get 'line step)))
  (end-of-line)
  (let* ((found (eglot-completion-at-point))
         (probe (buffer-substring-no-properties (car found) (point)))
         (offered (funcall (nth 2 found) probe nil t))
         (chosen (seq-find (lambda (each) (equal each (alist-get 'choose step))) offered)))
    (when chosen
      (delete-region (car found) (point))
      (insert chosen)
      (funcall (plist-get (nthcdr 3 found) :exit-function) chosen 'finished)))
  `((line . ,(play-line (alist-get 'line step)))))

(defun play-hover (step)
  "What is told about a word."
  (play-go step)
  (let ((found (jsonrpc-request (eglot-current-server) :textDocument/hover
                                (eglot--TextDocumentPositionParams))))
    `((says . ,(plist-get (plist-get found :contents) :value)))))

(defun play-definition (step)
  "The file in which a word is defined."
  (play-go step)
  (save-window-excursion
    (let ((home (current-buffer)))
      (xref-find-definitions (alist-get 'word step))
      (prog1 `((opens . ,(buffer-file-name)))
        (set-buffer home)))))

(defun play-rename (step)
  "Rename a word; its line then."
  (play-go step)
  (eglot-rename (alist-get 'to step))
  `((line . ,(play-line (alist-get 'line step)))))

(defun play-act (step)
  "Do what a code action of the line does; the line that is looked at then."
  (goto-char (point-min))
  (forward-line (1- (alist-get 'line step)))
  (let ((action (seq-find (lambda (each) (equal (plist-get each :title) (alist-get 'choose step)))
                          (eglot-code-actions (point) (point)))))
    (eglot--apply-workspace-edit
     (or (plist-get action :edit)
         (plist-get (jsonrpc-request (eglot-current-server) :codeAction/resolve action) :edit))))
  `((line . ,(play-line (alist-get 'at (alist-get 'see step))))))

(find-file (alist-get 'open play-plan))
(set-buffer (find-buffer-visiting (alist-get 'open play-plan)))
(markdown-mode)
(plaintrack-prepare)
(apply #'eglot--connect (eglot--guess-contact))
(play-wait (lambda () (eglot-current-server)))
(let (seen)
  (dolist (step (alist-get 'steps play-plan))
    (push (funcall (intern (concat "play-" (alist-get 'do step))) step) seen))
  (save-some-buffers t)
  (let ((coding-system-for-write 'utf-8))
    (princ (format "\n@@%s@@\n" (json-serialize (apply #'vector (nreverse seen)))))))
(kill-emacs 0)
;;; play.el ends here
