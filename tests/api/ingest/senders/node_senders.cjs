// Real Node libraries, unmodified: node node_senders.cjs NAME ADDRESS KEY
const [name, address, key] = process.argv.slice(2);
const MAY = new Date("2025-05-01T08:30:00Z");
const ORDER = {
  order_id: "O1", total: 27.5, currency: "CNY",
  products: [{ name: "茶杯 🍵", category: "Games", quantity: 2 }],
};

function tell(client, who) {
  const context = { campaign: { name: "spring", source: "newsletter" }, ip: "10.9.8.7" };
  client.page({ anonymousId: `visitor-${who}`, category: "Docs", name: "Pricing", properties: { path: "/pricing" } });
  client.identify({ userId: who, traits: { name: "Ann Lee", email: `${who}@example.org`, plan: "gold" } });
  client.track({ userId: who, event: "Order Completed", properties: ORDER, context, timestamp: MAY });
  client.screen({ userId: who, name: "Home" });
  client.group({ userId: who, groupId: `company-${who}`, traits: { name: `Initech ${who}`, employees: 329 } });
  client.alias({ userId: who, previousId: `visitor-${who}` });
}

const senders = {
  async segment() {
    const { Analytics } = require("@segment/analytics-node");
    const client = new Analytics({ writeKey: key, host: address, maxRetries: 1 });
    client.on("error", (error) => { console.error(error); process.exitCode = 1; });
    tell(client, "node-segment");
    await client.closeAndFlush();
  },
  async rudder() {
    const RudderAnalytics = require("@rudderstack/rudder-sdk-node");
    const client = new RudderAnalytics(key, { dataPlaneUrl: address, flushAt: 20 });
    tell(client, "node-rudder");
    await client.flush();
  },
  async posthog() {
    const { PostHog } = require("posthog-node");
    const client = new PostHog(key, { host: address, flushAt: 2, fetchRetryCount: 1 });
    client.on("error", (error) => { console.error(error); process.exitCode = 1; });
    client.identify({ distinctId: "node-posthog", properties: { name: "Ann Lee", email: "node-posthog@example.org" } });
    client.capture({ distinctId: "node-posthog", event: "Order Completed", properties: ORDER, timestamp: MAY });
    client.alias({ distinctId: "node-posthog", alias: "visitor-node-posthog" });
    await client.shutdown();
  },
};

senders[name]().then(() => process.exit(process.exitCode || 0), (error) => { console.error(error); process.exit(1); });
