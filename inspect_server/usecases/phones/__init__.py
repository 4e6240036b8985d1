"""What phones ask of the server: enrol, push, pull, files, receipts; what they are told."""
