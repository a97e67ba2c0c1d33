// Package db is what sqlc makes of store/queries and the migrations: one method
// a query, one struct a row. It knows SQL and nothing of why; only package store
// uses it. Do not edit the generated files: `make generate` writes them.
package db
