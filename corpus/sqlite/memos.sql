-- The table of the example in Python's pickle documentation.
PRAGMA page_size = 512;
CREATE TABLE memos(key INTEGER PRIMARY KEY, task TEXT);
INSERT INTO memos VALUES (1, 'give food to fish'), (2, NULL);
