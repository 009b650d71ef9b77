"""Many repositories side by side, as rows: published as Parquet, loaded into PostgreSQL, asked."""
