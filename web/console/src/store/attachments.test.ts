import type { Client } from "client/core";
import { NotSent } from "shared/upload/send";
import { beforeEach, expect, it, vi } from "vitest";
import { Attachments } from "./attachments";

type Upload = (file: File) => Promise<{ readonly id: number; readonly name: string }>;

let upload: Upload;

vi.mock("../composer/upload", () => ({
  upload: (file: File) => upload(file),
  faultOf: () => ({ key: "composer:file.cut", isPassing: true }),
}));

let attachments: Attachments;
const file = (name: string) => new File(["abc"], name);
const states = () => attachments.of(17, "reply").map(({ info, fault }) => info?.id ?? fault?.key);

beforeEach(() => {
  let id = 0;
  upload = async ({ name }) => ({ id: ++id, name });
  attachments = new Attachments({} as Client, () => undefined);
});

it("files go with what is said once the server has them, in the order in which they were given", async () => {
  attachments.add(17, "reply", [file("a"), file("b")]);
  expect(attachments.take(17, "note")).toEqual([]);
  await vi.waitFor(() => expect(states()).toEqual([1, 2]));
  expect(attachments.take(17, "reply")).toEqual([1, 2]);
  expect(attachments.of(17, "reply")).toEqual([]);
  expect(attachments.info(2)).toMatchObject({ name: "b" });
});

it("one that was not taken holds up no other, and is sent again when that is asked", async () => {
  const works = upload;
  upload = async (one) => (one.name === "a" ? Promise.reject(new NotSent("cut")) : works(one));
  attachments.add(17, "reply", [file("a"), file("b")]);
  await vi.waitFor(() => expect(states()).toEqual(["composer:file.cut", 1]));
  upload = works;
  attachments.retry(17, attachments.of(17, "reply")[0]?.id ?? 0);
  await vi.waitFor(() => expect(states()).toEqual([2, 1]));
});

it("one that was taken away is not attached when the server has it after all", async () => {
  const answers: (() => void)[] = [];
  const works = upload;
  upload = (one) =>
    new Promise((resolve) => {
      answers.push(() => resolve(works(one)));
    });
  attachments.add(17, "reply", [file("a")]);
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  attachments.cancel(attachments.of(17, "reply")[0]?.id ?? 0);
  answers[0]?.();
  upload = works;
  attachments.add(17, "reply", [file("b")]);
  await vi.waitFor(() => expect(states()).toEqual([2]));
});

it("somebody else who signs in finds none", async () => {
  attachments.follow(5);
  attachments.add(17, "reply", [file("a")]);
  attachments.follow(5);
  await vi.waitFor(() => expect(states()).toEqual([1]));
  attachments.follow(6);
  expect(attachments.of(17, "reply")).toEqual([]);
  expect(attachments.info(1)).toBeUndefined();
});
