// The chain of docs/provenance.md, written from that document alone: reads records from a file
// (a JSON list) and prints the digests of each that it computes, one list a record.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const hash = (text) => createHash("sha256").update(text, "utf8").digest("hex");

// RFC 8785: JavaScript's own way of writing strings and numbers, members sorted by UTF-16 units.
const canonical = (value) => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
};

const chain = ({ head, messages }) => {
  const digests = [hash(canonical(head))];
  for (const message of messages) digests.push(hash(`${digests.at(-1)}\n${canonical(message)}`));
  return digests;
};

console.log(JSON.stringify(JSON.parse(readFileSync(process.argv[2], "utf8")).map(chain)));
