import { expect, it } from "vitest";
import { fill, findVariables, variablesOf } from "./variables";

const facts = {
  contact: "Lin Wei",
  agent: "小美",
  conversation: 17,
  inbox: "Shop",
  attributes: { plan: "pro", vip: true },
};
const all = variablesOf(facts);

it("what is known is put in, as in a canned response", () => {
  expect(
    fill("Hi {{contact.first_name}}, I am {{ agent.name }} ({{conversation.id}})", all),
  ).toEqual({ text: "Hi Lin, I am 小美 (17)", unknown: [] });
  expect(fill("{{contact.attributes.plan}} {{contact.attributes.vip}}", all).text).toBe("pro true");
});

it("a name without a space is a first name as a whole", () => {
  const named = variablesOf({ ...facts, contact: "林薇" });
  expect(fill("{{contact.first_name}}", named).text).toBe("林薇");
});

it("what is not known has the word that was given, else it is told and stays", () => {
  const nobody = variablesOf({ ...facts, contact: "" });
  expect(fill("Hi {{contact.name|there}}{{contact.attributes.no|}}!", nobody)).toEqual({
    text: "Hi there!",
    unknown: [],
  });
  const typo = "{{contact.nmae|there}} {{contact.name}} {{contact.nmae|there}}";
  expect(fill(typo, nobody)).toEqual({
    text: typo,
    unknown: ["{{contact.nmae|there}}", "{{contact.name}}"],
  });
});

it("what was put in is not read again", () => {
  const sly = variablesOf({ ...facts, contact: "{{agent.name}}" });
  expect(fill("{{contact.name}}", sly).text).toBe("{{agent.name}}");
});

it("one is found by any part of its name, if something is known of it", () => {
  expect(findVariables(all, "NAME").map(({ name }) => name)).toEqual([
    "contact.name",
    "contact.first_name",
    "agent.name",
    "inbox.name",
  ]);
  expect(findVariables(variablesOf({ ...facts, contact: "" }), "contact.n")).toEqual([]);
});
