"""What could be restored, as AWS tells it? Reads RDS, ElastiCache, DynamoDB, AWS Backup and KMS."""
