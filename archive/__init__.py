"""What cannot be worked out again: originals, receipts, decisions, the ledger, the queue."""
