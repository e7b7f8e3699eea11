BEGIN TRANSACTION;
CREATE TABLE escalation_cases (
	id TEXT NOT NULL, 
	revision INTEGER NOT NULL, 
	process TEXT NOT NULL, 
	state TEXT NOT NULL, 
	is_closed INTEGER NOT NULL, 
	outcome TEXT, 
	reference TEXT, 
	assignee TEXT, 
	next_due TEXT, 
	closed_at TEXT, 
	document TEXT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (reference)
);
INSERT INTO "escalation_cases" VALUES('c-1',3,'desk','late',0,NULL,'T-1',',"desk",','2026-06-09T10:01:00.000000Z',NULL,'{"format":1,"identity":{"id":"c-1","process":"desk","version":1,"definition":"5c85fa780ad2d67e641c57c67152f6289de77ed830582aacee79c14facfc337c","opened_at":"2026-06-08T08:00:00.000000Z","reference":"T-1"},"revision":3,"at":"2026-06-08T10:01:00.000000Z","states":{"main":"late"},"data":{"issue":"It''s dark, K\u00f6ln"},"slots":{"assignee":[["desk",null,null]]},"timers":{"main.late:rest":["3.2","2026-06-08T10:01:00.000000Z","24 hours",[["2026-06-09T10:01:00.000000Z","due"]],[],[],"running",0,1,null,"2026-06-09T10:01:00.000000Z"]}}');
INSERT INTO "escalation_cases" VALUES('c-2',1,'desk','open',0,NULL,NULL,',"desk",','2026-06-08T10:05:00.000000Z',NULL,'{"format":1,"identity":{"id":"c-2","process":"desk","version":1,"definition":"5c85fa780ad2d67e641c57c67152f6289de77ed830582aacee79c14facfc337c","opened_at":"2026-06-08T08:05:00.000000Z"},"revision":1,"at":"2026-06-08T08:05:00.000000Z","states":{"main":"open"},"slots":{"assignee":[["desk",null,null]]},"timers":{"main.open:box":["1.1","2026-06-08T08:05:00.000000Z","2 hours",[["2026-06-08T10:05:00.000000Z","due"]],[],[],"running",0,1,null,"2026-06-08T10:05:00.000000Z"]}}');
INSERT INTO "escalation_cases" VALUES('c-3',2,'desk','done',1,'solved',NULL,',"desk",',NULL,'2026-06-08T10:01:00.000000Z','{"format":1,"identity":{"id":"c-3","process":"desk","version":1,"definition":"5c85fa780ad2d67e641c57c67152f6289de77ed830582aacee79c14facfc337c","opened_at":"2026-06-08T10:01:00.000000Z"},"revision":2,"at":"2026-06-08T10:01:00.000000Z","states":{"main":"done"},"slots":{"assignee":[["desk",null,null]]},"outcome":"solved"}');
CREATE TABLE escalation_claims (
	work TEXT NOT NULL, 
	name TEXT NOT NULL, 
	worker TEXT NOT NULL, 
	until TEXT NOT NULL, 
	PRIMARY KEY (work, name)
);
CREATE TABLE escalation_definitions (
	hash TEXT NOT NULL, 
	process TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	source TEXT NOT NULL, 
	published_at TEXT NOT NULL, 
	PRIMARY KEY (hash)
);
INSERT INTO "escalation_definitions" VALUES('5c85fa780ad2d67e641c57c67152f6289de77ed830582aacee79c14facfc337c','desk',1,'{"language":1,"definition":{"process":"desk","version":1,"title":"A desk","roles":{"desk":{"title":"Desk"}},"guards":{"easy":"Is it easy?"},"actions":{"log":"Write it down","ring":"Ring"},"data":{"issue":{"type":"string","title":"Issue"}},"events":{"lapse":{"title":"Time is up"}},"opens":{"call":{"to":"open","may_bring":["issue"]}},"states":{"open":{"assignee":"desk","timers":{"box":{"after":"2 hours","send":"lapse"}},"on":{"lapse":{"to":"late","do":"ring"},"log":{"do":"log"},"check":{"to":"done","if":"easy"}}},"late":{"assignee":"desk","timers":{"rest":{"after":"24 hours","send":"close"}},"on":{"close":{"to":"done"}}},"done":{"kind":"end","outcome":"solved"}}},"taken":{},"parameters":{}}','2026-06-08T08:00:00.000000Z');
CREATE TABLE escalation_digests (
	process TEXT NOT NULL, 
	name TEXT NOT NULL, 
	revision INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	definition TEXT NOT NULL, 
	due_at TEXT, 
	next_at TEXT, 
	attempts INTEGER NOT NULL, 
	problem TEXT NOT NULL, 
	PRIMARY KEY (process, name)
);
CREATE TABLE escalation_editions (
	definition TEXT NOT NULL, 
	name TEXT NOT NULL, 
	source TEXT NOT NULL, 
	kept_at TEXT NOT NULL, 
	PRIMARY KEY (definition, name), 
	FOREIGN KEY(definition) REFERENCES escalation_definitions (hash)
);
CREATE TABLE escalation_journal (
	case_id TEXT NOT NULL, 
	revision INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (case_id, revision), 
	FOREIGN KEY(case_id) REFERENCES escalation_cases (id)
);
INSERT INTO "escalation_journal" VALUES('c-1',1,'2026-06-08T08:00:00.000000Z','{"format":1,"case_id":"c-1","revision":1,"at":"2026-06-08T08:00:00.000000Z","input":{"type":"opened","event":"call","by":{"id":"ann","roles":["desk"]},"data":{"issue":"It''s dark, K\u00f6ln"}},"answers":[[["holder",0,"desk","holder"],["found",null]],[["instant",0,"main.open:box",1,"instants"],["instants",[["2026-06-08T10:00:00.000000Z","due"]]]]],"steps":[["call",[["main","","open",1,"",""]]]],"data":{"issue":[null,"It''s dark, K\u00f6ln"]},"slots":{"assignee":[[],[["desk",null,null]]]},"states":{"main":"open"},"timing":[["timer","main.open:box","armed","2026-06-08T10:00:00.000000Z",null,"2 hours"]]}');
INSERT INTO "escalation_journal" VALUES('c-1',2,'2026-06-08T08:00:00.000000Z','{"format":1,"case_id":"c-1","revision":2,"at":"2026-06-08T08:00:00.000000Z","input":{"type":"sent","event":"log","by":{"id":"ann","roles":["desk"]},"note":"heard"},"answers":[],"steps":[["log",[["main","open","open",1,"open",""]]]],"effects":["c-1:2:1"],"states":{"main":"open"}}');
INSERT INTO "escalation_journal" VALUES('c-2',1,'2026-06-08T08:05:00.000000Z','{"format":1,"case_id":"c-2","revision":1,"at":"2026-06-08T08:05:00.000000Z","input":{"type":"opened","event":"call","by":{"id":"ann","roles":["desk"]}},"answers":[[["holder",0,"desk","holder"],["found",null]],[["instant",0,"main.open:box",1,"instants"],["instants",[["2026-06-08T10:05:00.000000Z","due"]]]]],"steps":[["call",[["main","","open",1,"",""]]]],"slots":{"assignee":[[],[["desk",null,null]]]},"states":{"main":"open"},"timing":[["timer","main.open:box","armed","2026-06-08T10:05:00.000000Z",null,"2 hours"]]}');
INSERT INTO "escalation_journal" VALUES('c-1',3,'2026-06-08T10:01:00.000000Z','{"format":1,"case_id":"c-1","revision":3,"at":"2026-06-08T10:01:00.000000Z","input":{"type":"due","kind":"timer","key":"main.open:box","token":"1.1","label":"due","due_at":"2026-06-08T10:00:00.000000Z"},"answers":[[["holder",0,"desk","holder"],["found",null]],[["instant",0,"main.late:rest",1,"instants"],["instants",[["2026-06-09T10:01:00.000000Z","due"]]]]],"steps":[["lapse",[["main","open","late",1,"open",""]]]],"effects":["c-1:3:1"],"states":{"main":"late"},"timing":[["timer","main.open:box","fired",null,"2026-06-08T10:00:00.000000Z",""],["timer","main.late:rest","armed","2026-06-09T10:01:00.000000Z",null,"24 hours"]]}');
INSERT INTO "escalation_journal" VALUES('c-3',1,'2026-06-08T10:01:00.000000Z','{"format":1,"case_id":"c-3","revision":1,"at":"2026-06-08T10:01:00.000000Z","input":{"type":"opened","event":"call","by":{"id":"ann","roles":["desk"]}},"answers":[[["holder",0,"desk","holder"],["found",null]],[["instant",0,"main.open:box",1,"instants"],["instants",[["2026-06-08T12:01:00.000000Z","due"]]]]],"steps":[["call",[["main","","open",1,"",""]]]],"slots":{"assignee":[[],[["desk",null,null]]]},"states":{"main":"open"},"timing":[["timer","main.open:box","armed","2026-06-08T12:01:00.000000Z",null,"2 hours"]]}');
INSERT INTO "escalation_journal" VALUES('c-3',2,'2026-06-08T10:01:00.000000Z','{"format":1,"case_id":"c-3","revision":2,"at":"2026-06-08T10:01:00.000000Z","input":{"type":"corrected","by":{"id":"ann","roles":["desk"]},"to":"done","track":"main","reason":"by mistake"},"answers":[],"steps":[["",[["main","open","done",0,"","by mistake"]]]],"states":{"main":"done"},"outcome":"solved","timing":[["timer","main.open:box","cancelled",null,"2026-06-08T12:01:00.000000Z",""]]}');
CREATE TABLE escalation_outbox (
	position INTEGER NOT NULL, 
	effect_id TEXT NOT NULL, 
	case_id TEXT NOT NULL, 
	status TEXT NOT NULL, 
	next_at TEXT NOT NULL, 
	queued_at TEXT NOT NULL, 
	attempts INTEGER NOT NULL, 
	problem TEXT NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (position), 
	UNIQUE (effect_id)
);
INSERT INTO "escalation_outbox" VALUES(1,'c-1:2:1','c-1','delivered','','2026-06-08T08:00:00.000000Z',1,'','{"format":1,"type":"act","id":"c-1:2:1","name":"log"}');
INSERT INTO "escalation_outbox" VALUES(2,'c-1:3:1','c-1','waiting','2026-06-08T10:02:00.000000Z','2026-06-08T10:01:00.000000Z',1,'RuntimeError: no answer','{"format":1,"type":"act","id":"c-1:3:1","name":"ring"}');
CREATE TABLE escalation_receipts (
	scope TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	case_id TEXT NOT NULL, 
	revision INTEGER NOT NULL, 
	payload TEXT NOT NULL, 
	PRIMARY KEY (scope, "key"), 
	FOREIGN KEY(case_id) REFERENCES escalation_cases (id)
);
INSERT INTO "escalation_receipts" VALUES('open:desk','mail-1','c-1',1,'{"event":"9fd6fd2ffd299ff3691b5e216c4778afe73ff2b7e23fb14e138b032cfc0994e0","data":"108282528da0e15ca5b422266a87cbaf7d62cbac17283bd653d1782ab1643b03","actor":"cec78459472eed8b9f4625f155fd705ad906eae5352a769f5c9a4a075ab7e75e","channel":"74234e98afe7498fb5daf1f36ac2d78acc339464f950703b8c019892f982b90b","note":"74234e98afe7498fb5daf1f36ac2d78acc339464f950703b8c019892f982b90b"}');
INSERT INTO "escalation_receipts" VALUES('c-1','mail-2','c-1',2,'{"event":"2ce5a984f81a15a3e7ebd1a802998b5a04adab2d853df2bb54e667be77865fed","data":"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","actor":"cec78459472eed8b9f4625f155fd705ad906eae5352a769f5c9a4a075ab7e75e","channel":"74234e98afe7498fb5daf1f36ac2d78acc339464f950703b8c019892f982b90b","note":"fd3df9b062a8be6a4653302bacb86ac65293744da207b484458d7a730cf18b68"}');
CREATE TABLE escalation_refusals (
	position INTEGER NOT NULL, 
	case_id TEXT NOT NULL, 
	at TEXT NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (position)
);
INSERT INTO "escalation_refusals" VALUES(1,'c-1','2026-06-08T08:00:00.000000Z','{"case_id":"c-1","at":"2026-06-08T08:00:00.000000Z","what":"check","by":"ann","where":"open","reasons":[["guard","the answer to `Is it easy?` is no","easy"]]}');
CREATE TABLE escalation_schema_version (
	version INTEGER NOT NULL, 
	PRIMARY KEY (version)
);
INSERT INTO "escalation_schema_version" VALUES(2);
CREATE TABLE escalation_sleepers (
	worker TEXT NOT NULL, 
	until TEXT NOT NULL, 
	PRIMARY KEY (worker)
);
CREATE TABLE escalation_stalled (
	case_id TEXT NOT NULL, 
	revision INTEGER NOT NULL, 
	attempts INTEGER NOT NULL, 
	next_at TEXT, 
	problem TEXT NOT NULL, 
	PRIMARY KEY (case_id), 
	FOREIGN KEY(case_id) REFERENCES escalation_cases (id)
);
CREATE INDEX escalation_cases_by_process ON escalation_cases (process, is_closed, id);
CREATE INDEX escalation_cases_by_closing ON escalation_cases (process, closed_at);
CREATE INDEX escalation_cases_by_next_due ON escalation_cases (next_due, id);
CREATE INDEX escalation_outbox_by_case ON escalation_outbox (case_id);
CREATE INDEX escalation_outbox_by_status ON escalation_outbox (status, next_at);
CREATE INDEX escalation_refusals_by_case ON escalation_refusals (case_id);
CREATE INDEX escalation_claims_by_worker ON escalation_claims (worker);
COMMIT;
