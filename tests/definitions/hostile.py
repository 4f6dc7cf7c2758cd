"""Things people, and people who mean harm, might write in place of an expression."""

REFUSED = """\
orders > 0; drop table events
orders > 0 -- comment
orders > 0 # comment
orders /* hint */ > 0
/*+ hint */ orders > 0
orders > 0 */
(select 1)
orders > (select count(*) from events)
exists (select 1)
orders in (select id from customers)
orders > 0 union select 1
orders > 0 limit 1
select orders
orders > 0 from events
cast(orders as text) = '1'
orders::text = '1'
try_cast(orders as int) > 1
count(orders) > 1
pg_sleep(10) > 0
read_csv('/etc/passwd') is null
getenv('HOME') = 'x'
list_transform([1], x -> x) is null
system('ls') = 0
orders > sum(orders) over (partition by channel)
events.orders > 1
"orders" > 1
`orders` > 1
[orders] > 1
orders > ?
orders > :limit
orders > $1
orders > @limit
orders > {limit}
orders > {{ limit }}
orders = all (1, 2)
orders = any (1, 2)
channel like '%x%'
channel ilike 'x'
channel similar to 'x'
channel ~ 'x'
channel collate nocase = 'x'
channel || 'x' = 'y'
orders % 2 = 0
orders ^ 2 = 4
orders & 1 = 1
orders | 1 = 1
orders << 1 = 2
orders == 1
orders != 1
not
and
orders and
orders
1
'text'
null
orders = null
orders in (null)
orders in ()
orders in (orders)
orders in 1
orders between 1
orders between 1 and
orders is 1
orders is not
orders is true
orders not 1
1 < orders < 3
orders = 1 = true
orders = not vip
vip > true
vip between false and true
orders + channel > 1
-channel = 'x'
orders = '1'
channel = 1
birthday > '2024-05-01'
birthday > date '2024-02-30'
birthday > date '20240501'
birthday > date '2024-5-1'
birthday > date 'x'
birthday + 1 > birthday
birthday > timestamp '2024-05-01'
birthday > interval '1' day
orders > 1_000
orders > 1,000
orders > 0x10
orders > .5
orders > 5.
orders > 1e999
orders > 30days
orders > 30m
orders > 30 d
orders > e'\\x41'
channel = x'41'
channel = $$x$$
channel = 'x
channel = "x"
channel = 'x' 'y'
coalesce(orders) > 1
coalesce() > 1
greatest(vip, vip)
abs(orders, 1) > 1
abs(channel) > 1
lower(orders) = 'x'
case end
case when orders > 1 then 1
case orders when 1 then true end
case when orders then true end
case when vip then 1 else 'x' end = 1
case when vip then null end is null
struct_pack(a := 1) is null
orders > array[1]
row(1) is null
(orders > 1
orders > 1)
()
(orders, 1) = (1, 1)
orders ＞ 1
ｏrders > 1
оrders > 1
orders > ١
orders > 1；
channel = “x”
channel = ‘x’
orders\u200b > 1
orders\u00a0> 1
\u202eorders > 1
\ufefforders > 1
orders > 1\u0000
channel = 'a\u202eb'
channel = 'a\u0007b'
channel = 'a\u200bb'
orders\u3000> 1
__import__('os').system('ls')
orders if vip else 1
lambda: 1
orders > 1 or 1=1; --
' or '1'='1
1 = 1 or sleep(5)
orders > 1 && vip
orders > 1 || vip
!vip
vip and and vip
vip or
Orders > 1
ORDERS > 1
ordrs > 1""".splitlines()

ACCEPTED = """\
true
1 = 1
orders > 1 or 1=1
channel = '; drop table events; --'
channel in ('''', 'x'' or 1=1 --')
channel = '$(ls) ${HOME} {{x}} %s'
Not vip Is Null""".splitlines()
