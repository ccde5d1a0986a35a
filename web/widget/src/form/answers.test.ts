import { describe, expect, it } from "vitest";
import { answersOf, faultsOf, refusedOf } from "./answers";

const FIELDS = [
  { name: "name", label: "Name", required: true },
  { name: "email", label: "E-mail", type: "email" },
  { name: "orders", label: "Orders", type: "number" },
  { name: "agreed", label: "Agreed", type: "checkbox", required: true },
] as const;

describe("a form", () => {
  it("is answered with what was filled in, each in its own kind", () => {
    const filled = { name: " Li ", email: "", orders: "12", agreed: true };
    expect(answersOf(FIELDS, filled)).toEqual({ name: "Li", orders: 12, agreed: true });
    expect(faultsOf(FIELDS, filled).size).toBe(0);
  });

  it("may ask for what every object has a thing of", () => {
    const fields = ["constructor", "toString", "valueOf"].map((name) => ({ name, label: name }));
    expect(answersOf(fields, {})).toEqual({});
    expect(faultsOf([{ name: "constructor", label: "Who?", required: true }], {}).size).toBe(1);
    const filled = JSON.parse('{"toString": "blue"}');
    expect(answersOf(fields, filled)).toEqual({ toString: "blue" });
  });

  it("says what is missing, and what is not of its kind", () => {
    const filled = { name: "  ", email: "li", orders: "many" };
    expect([...faultsOf(FIELDS, filled)]).toEqual([
      ["name", "required"],
      ["email", "email"],
      ["orders", "number"],
      ["agreed", "tick"],
    ]);
  });

  it.each([
    ["answers.orders: must be a number", "orders", "must be a number"],
    ["email: is none", "-email", "is none"],
    ["consent: please agree", "-consent", "please agree"],
    ["answers: this inbox asks for them", "answers", "this inbox asks for them"],
    ["End a conversation first.", "", "End a conversation first."],
  ])("finds the field that %j is about", (message, name, reason) => {
    expect(refusedOf(message)).toEqual({ name, reason });
  });
});
