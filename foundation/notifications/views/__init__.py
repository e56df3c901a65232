"""Pages: the office's, for whoever looks after the outbox, and the demonstration's mailbox."""
