PRAGMA user_version = 1004;
BEGIN TRANSACTION;
CREATE TABLE commands (
    entry_id TEXT NOT NULL,
    id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at REAL NOT NULL,
    doubted_at REAL,
    ended_at REAL NOT NULL,
    format INTEGER NOT NULL,
    command TEXT NOT NULL,
    PRIMARY KEY (entry_id, id)
);
INSERT INTO "commands" VALUES('01JABCDEFGHJKMNPQRSTVWXYZ0',36936000,'feed','succeeded',1780401601.0,NULL,1780401601.0,4,'{"id":36936000,"kind":"feed","params":{"portions":2,"hopper":1,"bowl":1,"pet":0},"class":"once","created_at":1780401601.0,"expires_at":1780405201.0,"not_before":null,"state":"succeeded","key":"","idempotency_key":"breakfast","finishes":null,"meal":null,"taken_off":null,"deliveries":[{"node":"1","state":"done","attempts":1,"repeatable":false,"reason":"","steps":1,"step":0,"ended":[]},{"node":"2","state":"done","attempts":1,"repeatable":false,"reason":"","steps":1,"step":0,"ended":[]}],"timeline":[{"at":1780401601.0,"state":"queued","cause":"action","node":null,"detail":""},{"at":1780401601.0,"state":"sent","cause":"sent","node":"1","detail":""},{"at":1780401601.0,"state":"sent","cause":"sent","node":null,"detail":""},{"at":1780401601.0,"state":"sent","cause":"sent","node":"2","detail":""},{"at":1780401601.0,"state":"accepted","cause":"node","node":"1","detail":""},{"at":1780401601.0,"state":"accepted","cause":"node","node":"2","detail":""},{"at":1780401601.0,"state":"accepted","cause":"node","node":null,"detail":""},{"at":1780401601.0,"state":"done","cause":"node","node":"1","detail":""},{"at":1780401601.0,"state":"done","cause":"node","node":"2","detail":""},{"at":1780401601.0,"state":"succeeded","cause":"node","node":null,"detail":""}]}');
CREATE TABLE deliveries (
    entry_id TEXT NOT NULL,
    id INTEGER NOT NULL,
    node TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at REAL NOT NULL,
    delivery_state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    sent_at REAL,
    accepted_at REAL,
    done_at REAL,
    PRIMARY KEY (entry_id, id, node)
) WITHOUT ROWID;
INSERT INTO "deliveries" VALUES('01JABCDEFGHJKMNPQRSTVWXYZ0',36936000,'1','feed','succeeded',1780401601.0,'done',1,1780401601.0,1780401601.0,1780401601.0);
INSERT INTO "deliveries" VALUES('01JABCDEFGHJKMNPQRSTVWXYZ0',36936000,'2','feed','succeeded',1780401601.0,'done',1,1780401601.0,1780401601.0,1780401601.0);
CREATE TABLE dispensed (
    entry_id TEXT NOT NULL,
    started_at REAL NOT NULL,
    node TEXT NOT NULL,
    planned INTEGER NOT NULL,
    grams REAL,
    reason TEXT NOT NULL,
    PRIMARY KEY (entry_id, started_at, node)
) WITHOUT ROWID;
CREATE TABLE occurrences (
    entry_id TEXT NOT NULL,
    meal_id TEXT NOT NULL,
    date TEXT NOT NULL,
    node TEXT NOT NULL,
    nominal TEXT NOT NULL,
    command_id INTEGER,
    became TEXT NOT NULL,
    PRIMARY KEY (entry_id, date, meal_id, node)
) WITHOUT ROWID;
CREATE INDEX commands_by_time ON commands (created_at, entry_id, id);
CREATE INDEX commands_by_station ON commands (entry_id, created_at, id);
CREATE INDEX commands_by_kind ON commands (entry_id, kind, state, created_at, id);
CREATE INDEX deliveries_by_node
    ON deliveries (entry_id, node, kind, state, created_at, id);
CREATE INDEX deliveries_by_id ON deliveries (entry_id, node, kind, state, id);
COMMIT;
