"""A small shop's library for tests."""

from __future__ import annotations

SHOP = """\
kind: party_type
key: person
name: {zh: 个人, en: Person}
identifiers: {phone: {personal: true, normalise: phone, limit: 5}}
fields:
  age: {type: integer, name: {zh: 年龄, en: Age}}
  joined: {type: date}
---
kind: event_type
key: order.placed
name: {zh: 下单, en: Order placed}
party: person
fields:
  amount: {type: money, name: {zh: 金额, en: Amount}}
  channel: {type: string, name: {zh: 渠道, en: Channel}}
  note: {type: text}
  phone: {type: string, personal: true}
  gift: {type: boolean}
---
kind: event_type
key: order.refunded
name: {zh: 退款, en: Order refunded}
fields:
  amount: {type: money}
  reason: {type: string}
---
kind: metric
key: orders
name: {zh: 订单数, en: Orders}
of: [order.placed]
where: channel <> 'gift'
agg: count
---
kind: metric
key: revenue
name: {zh: 销售额, en: Revenue}
of: [order.placed, order.refunded]
agg: sum
field: amount
window: 90d
---
kind: metric
key: days_since_last_order
name: {zh: 距上次下单天数, en: Days since last order}
of: [order.placed]
agg: days_since_last
---
kind: metric
key: median_gap_days
name: {zh: 购买间隔中位数, en: Median gap}
of: [order.placed]
agg: gap_median
---
kind: metric
key: last_channel
name: {zh: 最近渠道, en: Last channel}
of: [order.placed]
agg: last
field: channel
---
kind: metric
key: age
name: {zh: 年龄, en: Age}
of: [customer.profiled]
agg: last
field: age
---
kind: metric
key: joined
name: {zh: 入会日期, en: Join date}
of: [customer.profiled]
agg: first
field: joined
---
kind: metric
key: average_order_value
name: {zh: 客单价, en: Average order value}
expression: revenue / orders
unit: money
---
kind: expression
key: is_repeat_buyer
name: {zh: 复购客户, en: Repeat buyer}
is: orders >= 2
---
kind: lifecycle
key: shop
model: M-07
name: {zh: 小店, en: Shop}
party: person
stages:
  - {code: potential, name: {zh: 潜在, en: Potential}, canonical: prospect}
  - code: loyal
    name: {zh: 忠诚, en: Loyal}
    canonical: loyal
    when: is_repeat_buyer and average_order_value > 100
  - code: active
    name: {zh: 活跃, en: Active}
    canonical: active
    when: days_since_last_order <= 2 * median_gap_days
check: [loyal, active, potential]
---
kind: pack
key: shop
name: {zh: 小店, en: Shop}
"""
