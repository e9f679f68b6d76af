// A second person, at either console: who watches is named, and whoever only watches asks for nothing else.

import { beforeEach, expect, test } from "vitest";

import { Answer, Permission, Reason } from "../../src/wire.gen";
import { begin, control, hear, host, tell, view, visit } from "./dialogue";

const ANN = { name: "Ann", company: "Acme" };

beforeEach(begin);

async function told(view_only: boolean, who = ANN): Promise<void> {
  expect(await hear(await host.inner({ type: "second_person", view_only, ...who }))).toEqual([]);
}

test("a technician is told who watches, and when nobody does any more", async () => {
  await control();
  await told(false);
  expect(visit.view.second).toEqual({ viewOnly: false, ...ANN });
  expect(visit.view.granted).toContain(Permission.CONTROL);
  await told(false, { name: "", company: "" });
  expect(visit.view.second.name).toBe("");
});

test.each(Object.values(Permission).filter((each) => each !== Permission.VIEW))("whoever only watches does not ask to %s", async (permission) => {
  await view();
  await told(true);
  expect(await tell({ kind: "wanted", permission })).toEqual([]);
  expect(visit.view.askings.at(-1)).toEqual({ permission, answer: Answer.POLICY, reason: Reason.VIEW_ONLY });
  expect(visit.view.granted).toEqual([Permission.VIEW]);
  expect(visit.view.phase).toBe("viewing");
});

test("what he types and writes goes nowhere", async () => {
  await view();
  await told(true);
  await tell({ kind: "drawn", frame: 1, boot: 1000, worked: 0 });
  expect(await tell({ kind: "deeds", deeds: [{ kind: "move", x: 1, y: 1 }] })).toEqual([]);
  expect(await tell({ kind: "written", text: "hello" })).toEqual([]);
});
