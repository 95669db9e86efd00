-- One expression a line. Each must read back as the same value after it is written.

-- Literals.
NULL
TRUE
false
0
42
2147483647
2147483648
-2147483648
-1
- 1
-(1)
- -1
-1.5
+1
+ +1
- a
- - a
-(-a)
- NULL
-(1 + 2)
-1::integer
(-1)::integer
(-1.5)::text
1.0
1.00
.5
5.
1e10
1.5e-3
0x1F
0xFFFFFFFFFF
0o17
0b101
1_000_000
1_000_000_000_000
''
'it''s'
'back\slash'
E'tab\there'
E'quote\'s and \\ both'
U&'\0041'
'line
'
$$dollar $1 ''$$
$tag$with $$ inside$tag$
B'1010'
b''
X'1fF'
x''
N'national'
date '2020-01-01'
timestamp '2020-01-01 00:00:00'
timestamp with time zone '2020-01-01 00:00:00+00'
timestamp(3) with time zone '2020-01-01 00:00:00+00'
time(0) '10:00'
time with time zone '10:00+00'
interval '1 day'
interval '1' day
interval '1' year to month
interval '1' day to hour
interval '1' day to minute
interval '1' day to second
interval '1' day to second(3)
interval '1' hour to minute
interval '1' hour to second(0)
interval '1' minute to second
interval '1' second
interval '1' second(3)
interval(3) '1 day'
point '(1,2)'
public.mood 'happy'
numeric(10, 2) '1.5'
char 'x'
char(3) 'xyz'
varchar 'x'
bit '101'
bit(3) '101'
bit varying(5) '101'
json '{}'
float '1'
double precision '1'
boolean 'on'

-- Names.
a
t.a
s.t.a
d.s.t.a
"A"
"a b"
"a""b"
"select"
"Select"."from"."where"
"line
"
"back\slash"
"ünïcödé"
"日本語"
"😀"
über
"1a"
"$x"
a$b
"a$b"
_a1
t.*
s.t.*
"old".a
new.a
excluded.a
(a).b
(a).b.c
((a).b).c
(a.b).c
(t).*
(s.t).*
(f(x)).*
a[1]
a.b[1]
a.b[1].c
a[1][2]
a[1:2]
a[:2]
a[1:]
a[:]
a[b::integer:c::integer]
a[-1:- 1]
(a[1]).b
(a[1])[2]
(ARRAY[1, 2])[1]
(ARRAY[1, 2, 3])[2:3]
(ROW(1, 2)).f1
(SELECT a)[1]
((SELECT a))[1]
(SELECT r).f
($1).a
$1
$1[1]
$1.a
(a || b)[1]
(a::integer[])[1]
(CASE WHEN a THEN b END).c

-- Operators and precedence.
a + b
a + b + c
a + (b + c)
a - b - c
a - (b - c)
(a + b) * c
a + b * c
a * b + c
a * (b + c)
a / b / c
a / (b / c)
a % b
a ^ b ^ c
a ^ (b ^ c)
-a ^ b
-(a ^ b)
(-1) ^ 2
a * -b
a - -b
a - -1
a || b || c
a || (b || c)
a || b + c
(a || b) + c
a + (b || c)
a < b
(a < b) = (c < d)
(a < b) IS NULL
a < b IS NULL
NOT a < b
(NOT a) < b
a = b AND c <> d
a != b
a <= b
a >= b
a <@ b
a @> b && c
a -> 'x' ->> 'y'
a #>> '{x,y}'
a ? 'x'
a ?| b
a ?& b
@ a
@ -1
@ a || b
@ (a || b)
(@ a) || b
a || @ b
a + @ b
@ @ a
!! a
|/ a
||/ a
~ a
~ a & b
a # b
a << b
a >> 1
a ~ 'x'
a !~* 'x'
a ~~ b
a ^@ b
a OPERATOR(pg_catalog.+) b
a OPERATOR(pg_catalog.+) b * c
(a OPERATOR(pg_catalog.*) b) + c
a OPERATOR(pg_catalog.*) (b + c)
a OPERATOR(public.===) b
a OPERATOR("My Schema".@@@) b
OPERATOR(pg_catalog.-) a
OPERATOR(public.@#@) a
a OPERATOR(pg_catalog.=) b
(a OPERATOR(pg_catalog.=) b) = c

-- Logic.
a AND b
a AND b AND c
(a AND b) AND c
a AND (b AND c)
a OR b OR c
a OR (b OR c)
a AND b OR c AND d
(a OR b) AND (c OR d)
a OR b AND c
NOT a
NOT NOT a
NOT (a AND b)
NOT a AND b
(NOT a) OR NOT b
NOT a = b
NOT a IS NULL
(NOT a) IS NULL
NOT (a OR b) IS TRUE
a IS NULL
a ISNULL
a IS NOT NULL
a NOTNULL
(a IS NULL) IS NULL
(a IS NULL) = b
a = (b IS NULL)
a IS TRUE
a IS NOT TRUE
a IS FALSE
a IS NOT FALSE
a IS UNKNOWN
a IS NOT UNKNOWN
a = b IS TRUE
a IS DISTINCT FROM b
a IS NOT DISTINCT FROM b
a + 1 IS DISTINCT FROM b || c
(a IS DISTINCT FROM b) IS DISTINCT FROM c
(a = b) IS DISTINCT FROM (c = d)
(a, b) IS DISTINCT FROM (c, d)

-- Sets, ranges and patterns.
a IN (1)
a IN (1, 2, 3)
a NOT IN ('x', 'y')
(a, b) IN ((1, 2), (3, 4))
a || b IN (c)
(a IN (b)) = c
a = (b IN (c))
NOT a IN (b)
a BETWEEN 1 AND 2
a BETWEEN 1 + 1 AND 2 * 3
a BETWEEN (b AND c) AND d
a BETWEEN (b COLLATE "C") AND c COLLATE "C"
a BETWEEN b || (c COLLATE "C") AND d
a BETWEEN (b AT TIME ZONE 'UTC') AND c AT TIME ZONE 'UTC'
a BETWEEN (b < c) AND (d < e)
a BETWEEN (b IS NULL) AND (c IS NULL)
a BETWEEN -1 AND - b
a BETWEEN b::date AND c::date + 1
a NOT BETWEEN 1 AND 2
a BETWEEN SYMMETRIC 2 AND 1
a NOT BETWEEN SYMMETRIC 2 AND 1
a BETWEEN 1 AND 2 AND b
(a BETWEEN 1 AND 2) = b
a + 1 BETWEEN b AND c
a LIKE 'x%'
a NOT LIKE 'x%'
a ILIKE 'x%'
a NOT ILIKE 'x%'
a LIKE 'x!%' ESCAPE '!'
a NOT LIKE 'x' || y ESCAPE '!'
a ILIKE 'x' ESCAPE ''
a NOT ILIKE 'x' ESCAPE NULL
a SIMILAR TO 'x'
a NOT SIMILAR TO 'x'
a SIMILAR TO 'x' ESCAPE '!'
a NOT SIMILAR TO 'x' ESCAPE '!'
(a LIKE b) LIKE c
(a LIKE b) = c
a LIKE (b = c)
a LIKE pg_catalog.like_escape(b, c)
a LIKE like_escape(b, c)
a ~~ like_escape(b, '!')
a LIKE b COLLATE "C"

-- ANY and ALL.
a = ANY (b)
a = ANY (ARRAY[1, 2])
a <> ALL ('{1,2}'::integer[])
a LIKE ANY (ARRAY['x', 'y'])
a NOT LIKE ALL (b)
a ILIKE ANY (b)
a NOT ILIKE ALL (b)
a ~ ANY (b)
a || b = ANY (c)
a || b || ANY (c)
(a = b) = ANY (c)
a = ANY (b) AND c
(a = ANY (b)) = c
(a = ANY (b)) IS NULL
a + b > ALL (c || d)
a OPERATOR(pg_catalog.=) ANY (b)
a OPERATOR(public.==) ALL (b)
a = ANY ((SELECT b)::integer[])
a = ANY (SELECT b)
a = SOME (SELECT b)
a > ALL (SELECT b FROM t)
a LIKE ANY (SELECT b)
(a, b) = ANY (SELECT c, d)
a IN (SELECT b FROM t)
a NOT IN (SELECT b FROM t)
NOT a IN (SELECT b FROM t)
NOT a NOT IN (SELECT b FROM t)
(a, b) IN (SELECT c, d)
a || b IN (SELECT c)
(a IN (SELECT b)) IS NULL
NOT a = ANY (SELECT b)
EXISTS (SELECT 1)
NOT EXISTS (SELECT 1 FROM t WHERE t.a = b)
(SELECT 1)
((SELECT 1))
(SELECT 1) + (SELECT 2)
ARRAY(SELECT a FROM t ORDER BY a)
(VALUES (1))
(SELECT 1 UNION SELECT 2)
(WITH x AS (SELECT 1) SELECT * FROM x)

-- Casts and collations.
a::integer
CAST(a AS integer)
CAST(a + b AS text)
(a + b)::text
a + b::text
a::text::integer
a::text COLLATE "C"
(a COLLATE "C")::text
a COLLATE "C" || b
a || b COLLATE "C"
(a || b) COLLATE "C"
a COLLATE pg_catalog."default"
a COLLATE "en-US-x-icu"
a COLLATE s.c
-a COLLATE "C"
-(a COLLATE "C")
a COLLATE "C" < b
a::integer[]
a::integer[3][4]
a::integer ARRAY
a::integer ARRAY[4]
a::text[]
a::pg_catalog.int4
a::pg_catalog.text
a::pg_catalog.bpchar
a::bpchar
a::"char"
a::pg_catalog."char"
a::character
a::character(10)
a::char varying(10)
a::varchar
a::varchar(10)
a::national character varying(3)
a::nchar(3)
a::bit
a::bit(3)
a::pg_catalog.bit
a::bit varying
a::bit varying(3)
a::numeric
a::numeric(10)
a::numeric(10,2)
a::numeric(5,-2)
a::decimal(3)
a::float
a::float(10)
a::float(40)
a::real
a::smallint
a::bigint
a::int8
a::bool
a::boolean
a::time
a::time(3)
a::time with time zone
a::time(3) with time zone
a::timetz(3)
a::timestamp
a::timestamp(3) without time zone
a::timestamptz
a::timestamptz(3)
a::timestamp(6) with time zone
a::interval
a::interval(3)
a::interval year
a::interval month
a::interval day
a::interval hour
a::interval minute
a::interval second
a::interval second(2)
a::interval day to second(2)
a::interval hour to second
a::pg_catalog.interval(4, 3)
a::pg_catalog.int4(3)
a::pg_catalog.timestamptz('x')
a::public.geometry(Point, 4326)
a::geography(MultiPolygonZM,4326)
a::vector(1536)
a::s.t(1.5, 'quoted', "Quoted", select_like, true, null)
a::s.t(1 + 1)
a::"select"
a::"My Type"[]
a::s."My Type"(3)
a::setof integer
a::d.s.t
a::json
a::"json"
a::jsonb
a::xml
a::uuid
a::double
-- Calls.
f()
f(a)
f(a, b)
s.f(a)
d.s.f(a)
"F"(a)
"My Schema"."F"(a)
pg_catalog.lower(a)
pg_catalog."left"(a, 1)
"left"(a, 1)
left(a, 1)
right(a, 1)
"substring"(a, 1, 2)
substring(a, 1, 2)
substring(a, b => 1)
overlay(a, b, 1)
"position"(a, b)
"cube"(a)
"rollup"(a)
"operator"(a)
"coalesce"(a)
"row"(a)
"values"(a)
"exists"(a)
"any"(a)
"extract"(a, b)
"json_object"(a, b)
json_object(a, b)
pg_catalog.json_object(a)
f(VARIADIC a)
f(a, VARIADIC b)
f(a, VARIADIC b ORDER BY c)
f(x => 1)
f(1, x => 2, "Y" => 3)
f(x := 1)
f(a = b, c AND d, NOT e)
f(VARIADIC x => a)
count(*)
count(DISTINCT a)
count(DISTINCT a, b)
count(ALL a)
string_agg(a, ',' ORDER BY b)
string_agg(DISTINCT a, ',' ORDER BY a DESC NULLS LAST, b USING <, c USING OPERATOR(pg_catalog.>) NULLS FIRST)
array_agg(a ORDER BY b ASC NULLS FIRST)
percentile_cont(0.5) WITHIN GROUP (ORDER BY a)
mode() WITHIN GROUP (ORDER BY a DESC)
rank(1, 2) WITHIN GROUP (ORDER BY a, b) FILTER (WHERE c)
sum(a) FILTER (WHERE b > 0 OR c)
count(*) FILTER (WHERE a)
row_number() OVER ()
rank() OVER w
rank() OVER "W"
rank() OVER (w)
rank() OVER ("range")
rank() OVER ("partition" ORDER BY a)
rank() OVER (w ORDER BY a)
sum(a) OVER (PARTITION BY b, c ORDER BY d DESC)
sum(a) FILTER (WHERE b) OVER (PARTITION BY c)
sum(a) OVER (ORDER BY b ROWS UNBOUNDED PRECEDING)
sum(a) OVER (ORDER BY b ROWS 1 PRECEDING)
sum(a) OVER (ORDER BY b ROWS CURRENT ROW)
sum(a) OVER (ORDER BY b ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
sum(a) OVER (ORDER BY b ROWS BETWEEN 1 PRECEDING AND 2 FOLLOWING)
sum(a) OVER (ORDER BY b RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)
sum(a) OVER (ORDER BY b RANGE BETWEEN '1 day'::interval PRECEDING AND (c COLLATE "C") FOLLOWING)
sum(a) OVER (ORDER BY b GROUPS BETWEEN 1 FOLLOWING AND 2 FOLLOWING)
sum(a) OVER (ORDER BY b GROUPS BETWEEN 2 PRECEDING AND 1 PRECEDING EXCLUDE CURRENT ROW)
sum(a) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE GROUP)
sum(a) OVER (ROWS UNBOUNDED PRECEDING EXCLUDE TIES)
sum(a) OVER (ROWS UNBOUNDED PRECEDING EXCLUDE NO OTHERS)
sum(a) OVER (ROWS BETWEEN (b + 1) PRECEDING AND b + 1 FOLLOWING)

-- Calls in special syntax.
EXTRACT(year FROM a)
EXTRACT(epoch FROM a + b)
EXTRACT('dow' FROM a)
EXTRACT("My Field" FROM a)
EXTRACT($1 FROM a)
extract('a''b' FROM a)
POSITION('x' IN a)
POSITION(a || b IN c || d)
POSITION((a COLLATE "C") IN (b IN (c)))
SUBSTRING(a FROM 2)
SUBSTRING(a FROM 2 FOR 3)
SUBSTRING(a FOR 3)
SUBSTRING(a FOR 3 FROM 2)
SUBSTRING(a SIMILAR 'x' ESCAPE '#')
SUBSTRING(a FROM 'x.*')
OVERLAY(a PLACING b FROM 1)
OVERLAY(a PLACING b FROM 1 FOR 2)
TRIM(a)
TRIM(BOTH a)
TRIM(FROM a)
TRIM(BOTH 'x' FROM a)
TRIM('x' FROM a)
TRIM(LEADING a)
TRIM(LEADING 'x' FROM a)
TRIM(TRAILING FROM a)
TRIM(TRAILING 'x' FROM a)
TRIM(a, b)
TRIM(BOTH 'x' FROM a, b)
btrim(a, 'x')
a AT TIME ZONE 'UTC'
a AT TIME ZONE 'UTC' AT TIME ZONE b
a AT TIME ZONE (b AT TIME ZONE c)
a AT LOCAL
(a AT TIME ZONE b)::date
a::timestamp AT TIME ZONE b
(a + b) AT TIME ZONE c
a + b AT TIME ZONE c
-a AT TIME ZONE b
a AT TIME ZONE b COLLATE "C"
(a AT TIME ZONE b) COLLATE "C"
a AT TIME ZONE -b
timezone('UTC', a)
pg_catalog.timezone('UTC', a)
(a, b) OVERLAPS (c, d)
ROW(a, b) OVERLAPS ROW(c, d)
NOT (a, b) OVERLAPS (c, d)
((a, b) OVERLAPS (c, d)) IS TRUE
((a, b) OVERLAPS (c, d)) = e
a IS NORMALIZED
a IS NOT NORMALIZED
a IS NFC NORMALIZED
a IS NOT NFKD NORMALIZED
(a IS NORMALIZED) = b
NORMALIZE(a)
NORMALIZE(a, NFD)
normalize(a || b, NFKC)
COLLATION FOR (a)
COLLATION FOR (a || b)
SYSTEM_USER
TREAT(a AS integer)
CURRENT_DATE
CURRENT_TIME
CURRENT_TIME(3)
CURRENT_TIMESTAMP
CURRENT_TIMESTAMP(0)
LOCALTIME
LOCALTIME(6)
LOCALTIMESTAMP
LOCALTIMESTAMP(2)
CURRENT_ROLE
CURRENT_USER
USER
SESSION_USER
CURRENT_CATALOG
CURRENT_SCHEMA
CURRENT_SCHEMA()
CURRENT_DATE - 1
now() - interval '1 day'

-- Constructors and conditions.
ROW()
ROW(a)
ROW(a, b)
(a, b)
(a, (b, c))
ROW(t.*)
(a, b) = (c, d)
(a, b) < ROW(c, d)
ARRAY[]
ARRAY[]::integer[]
ARRAY[1]
ARRAY[1, NULL, a + b]
ARRAY[[1, 2], [3, 4]]
ARRAY[ARRAY[1], ARRAY[2]]
ARRAY[[]]
ARRAY[(1, 2), ROW(3, 4)]
CASE WHEN a THEN b END
CASE WHEN a AND b THEN c ELSE d END
CASE a WHEN 1 THEN 'x' WHEN 2 THEN 'y' END
CASE a = b WHEN TRUE THEN c IS NULL ELSE NOT d END
CASE WHEN a THEN CASE WHEN b THEN c END END
-CASE WHEN a THEN b END
CASE WHEN a THEN b END::text
CASE WHEN a THEN b END + 1
COALESCE(a)
COALESCE(a, b, 0)
GREATEST(a, b)
LEAST(a, b, c)
NULLIF(a, b)
GROUPING(a, b)
MERGE_ACTION()
DEFAULT

-- XML.
XMLCONCAT(a, b)
XMLELEMENT(NAME foo)
XMLELEMENT(NAME "Foo Bar", a, b)
XMLELEMENT(NAME foo, XMLATTRIBUTES(a, b AS "C", d AS e))
XMLELEMENT(NAME foo, XMLATTRIBUTES(a), b || c, XMLELEMENT(NAME "select"))
XMLFOREST(a, b AS c, d + e AS "F")
XMLPARSE(DOCUMENT a)
XMLPARSE(CONTENT a PRESERVE WHITESPACE)
XMLPARSE(CONTENT a STRIP WHITESPACE)
XMLPI(NAME php)
XMLPI(NAME "p h p", 'echo')
XMLROOT(a, VERSION '1.0')
XMLROOT(a, VERSION NO VALUE)
XMLROOT(a, VERSION '1.1', STANDALONE YES)
XMLROOT(a, VERSION b || c, STANDALONE NO)
XMLROOT(a, VERSION NO VALUE, STANDALONE NO VALUE)
XMLSERIALIZE(DOCUMENT a AS text)
XMLSERIALIZE(CONTENT a || b AS varchar(10) INDENT)
XMLSERIALIZE(CONTENT a AS text NO INDENT)
XMLEXISTS('//a' PASSING b)
XMLEXISTS('//a' PASSING BY REF b BY REF)
XMLEXISTS((a || b) PASSING (c || d))
a IS DOCUMENT
a IS NOT DOCUMENT
(a IS DOCUMENT) IS NULL
NOT a || b IS DOCUMENT

-- JSON.
JSON_OBJECT()
JSON_OBJECT(RETURNING jsonb)
JSON_OBJECT('a' : 1)
JSON_OBJECT('a' VALUE 1, b : c || d)
JSON_OBJECT(KEY 'a' VALUE 1)
JSON_OBJECT(a::text : b::text)
JSON_OBJECT('a' : 1 ABSENT ON NULL)
JSON_OBJECT('a' : 1 NULL ON NULL WITH UNIQUE KEYS)
JSON_OBJECT('a' : 1 ABSENT ON NULL WITH UNIQUE RETURNING text FORMAT JSON ENCODING UTF8)
JSON_OBJECT('a' : 1 WITHOUT UNIQUE KEYS RETURNING jsonb)
JSON_OBJECT('a' : b FORMAT JSON, 'c' : d FORMAT JSON ENCODING UTF8)
JSON_OBJECT((a, b) : c, (d IS NULL) : e)
JSON_OBJECT(VALUE : 1)
JSON_ARRAY()
JSON_ARRAY(RETURNING jsonb)
JSON_ARRAY(1, 'a', NULL)
JSON_ARRAY(a NULL ON NULL)
JSON_ARRAY(a ABSENT ON NULL RETURNING text)
JSON_ARRAY(a FORMAT JSON, b)
JSON_ARRAY(SELECT a FROM t)
JSON_ARRAY(SELECT a FROM t FORMAT JSON RETURNING jsonb)
JSON_ARRAY(SELECT 1 UNION SELECT 2)
JSON_ARRAY((SELECT 1))
JSON_ARRAY((SELECT 1 LIMIT 1) UNION SELECT 2)
JSON_ARRAY(VALUES (1), (2) RETURNING jsonb)
JSON_OBJECTAGG(a : b)
JSON_OBJECTAGG(a : b ABSENT ON NULL WITH UNIQUE KEYS RETURNING jsonb)
JSON_OBJECTAGG(a VALUE b NULL ON NULL) FILTER (WHERE c) OVER (PARTITION BY d)
JSON_ARRAYAGG(a)
JSON_ARRAYAGG(a ORDER BY b DESC NULL ON NULL RETURNING jsonb)
JSON_ARRAYAGG(a FORMAT JSON ABSENT ON NULL) FILTER (WHERE b) OVER w
JSON('{}')
JSON(a FORMAT JSON ENCODING UTF8 WITH UNIQUE KEYS)
JSON(a WITHOUT UNIQUE)
JSON_SCALAR(1)
JSON_SCALAR(a || b)
JSON_SERIALIZE(a)
JSON_SERIALIZE(a FORMAT JSON RETURNING bytea)
a IS JSON
a IS JSON VALUE
a IS JSON OBJECT WITH UNIQUE KEYS
a IS JSON ARRAY WITHOUT UNIQUE KEYS
a IS JSON SCALAR
a IS NOT JSON
a || b IS NOT JSON ARRAY
(a IS JSON) = b
JSON_EXISTS(a, '$.b')
JSON_EXISTS(a, '$.b' PASSING 1 AS x, c || d AS "Y" ERROR ON ERROR)
JSON_EXISTS(a FORMAT JSON, b UNKNOWN ON ERROR)
JSON_EXISTS(a, b TRUE ON ERROR)
JSON_EXISTS(a, b FALSE ON ERROR)
JSON_VALUE(a, '$.b')
JSON_VALUE(a, '$.b' RETURNING integer)
JSON_VALUE(a, '$.b' PASSING c FORMAT JSON AS d RETURNING numeric(10, 2) DEFAULT 0 ON EMPTY ERROR ON ERROR)
JSON_VALUE(a, '$.b' NULL ON EMPTY DEFAULT b IS NULL ON ERROR)
JSON_QUERY(a, '$.b')
JSON_QUERY(a, '$.b' RETURNING text FORMAT JSON)
JSON_QUERY(a, '$.b' WITH WRAPPER)
JSON_QUERY(a, '$.b' WITH ARRAY WRAPPER)
JSON_QUERY(a, '$.b' WITHOUT WRAPPER)
JSON_QUERY(a, '$.b' WITH CONDITIONAL ARRAY WRAPPER)
JSON_QUERY(a, '$.b' WITH UNCONDITIONAL WRAPPER)
JSON_QUERY(a, '$.b' KEEP QUOTES ON SCALAR STRING)
JSON_QUERY(a, '$.b' WITHOUT WRAPPER OMIT QUOTES EMPTY ON EMPTY EMPTY OBJECT ON ERROR)
JSON_QUERY(a, '$.b' EMPTY ARRAY ON EMPTY ERROR ON ERROR)
