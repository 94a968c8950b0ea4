import { encodeFrames, FrameParser, HEADER_BYTES, HEARTBEAT } from "@castle/services/kernel/line/frames.ts";
import { expect } from "chai";
import fc from "fast-check";

const MEBIBYTE = 1024 * 1024;

const encode = (...messages: string[]): Buffer =>
  encodeFrames(
    messages,
    messages.reduce((bytes, message) => bytes + HEADER_BYTES + Buffer.byteLength(message), 0),
  );

function parse(chunks: readonly Buffer[], maxFrameBytes = MEBIBYTE) {
  const messages: string[] = [];
  const invalid: string[] = [];
  const parser = new FrameParser(maxFrameBytes, {
    onMessage: (message) => messages.push(message),
    onInvalid: (because) => invalid.push(because),
  });
  for (const chunk of chunks) parser.push(chunk);
  return { messages, invalid };
}

const header = (length: number): Buffer => {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.writeUInt32BE(length);
  return bytes;
};

describe("frames of a line", () => {
  it("give the same messages however their bytes are cut", () => {
    const part = fc.oneof(fc.string({ unit: "grapheme", maxLength: 40 }), fc.constant(""));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), fc.infiniteStream(fc.nat(30)), (parts, sizes) => {
        // An empty one stands for a heartbeat.
        const bytes = Buffer.concat(parts.map((text) => (text === "" ? HEARTBEAT : encode(text))));
        const chunks: Buffer[] = [];
        for (let at = 0; at < bytes.length; ) {
          const size = sizes.next().value ?? 1;
          chunks.push(bytes.subarray(at, at + size));
          at += size;
        }
        const messages = parts.filter((text) => text !== "");
        expect(parse(chunks)).to.deep.equal({ messages, invalid: [] });
        expect(parse([bytes])).to.deep.equal({ messages, invalid: [] });
      }),
    );
  });

  it("give the same messages one byte at a time", () => {
    const bytes = Buffer.concat([encode("place", "größer", "€"), HEARTBEAT, encode("last")]);
    const chunks = Array.from(bytes, (byte) => Buffer.of(byte));
    expect(parse(chunks).messages).to.deep.equal(["place", "größer", "€", "last"]);
  });

  it("may be exactly as long as is allowed, and no byte longer", () => {
    const [longest, longer] = ["x".repeat(1_000), "x".repeat(1_001)];
    expect(parse([encode(longest)], 1_000)).to.deep.equal({ messages: [longest], invalid: [] });
    expect(parse([encode("before", longer, "after")], 1_000)).to.deep.equal({
      messages: ["before"],
      invalid: ["a frame of 1001 bytes was announced, at most 1000 are allowed"],
    });
  });

  it("are refused by their length alone, once, however it is cut", () => {
    for (const length of [2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]) {
      const invalid = [`a frame of ${length} bytes was announced, at most ${MEBIBYTE} are allowed`];
      expect(parse([header(length), encode("after")])).to.deep.equal({ messages: [], invalid });
      const chunks = Array.from(header(length), (byte) => Buffer.of(byte));
      expect(parse([...chunks, encode("after")])).to.deep.equal({ messages: [], invalid });
    }
  });

  it("are not delivered any more after a stop, even from the same chunk", () => {
    const messages: string[] = [];
    const parser = new FrameParser(MEBIBYTE, {
      onMessage: (message) => {
        messages.push(message);
        parser.stop();
      },
      onInvalid: () => undefined,
    });
    parser.push(encode("first", "second"));
    expect(messages).to.deep.equal(["first"]);
  });

  // With every chunk copied onto what came before it, 32 MiB in pieces of 1 KiB would be half a tebibyte to copy.
  it("cost each byte once, however small the pieces of a large one", () => {
    const bytes = encode("x".repeat(32 * MEBIBYTE));
    const chunks: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += 1_024) chunks.push(bytes.subarray(at, at + 1_024));
    expect(parse(chunks, 64 * MEBIBYTE).messages[0]).to.have.length(32 * MEBIBYTE);
  });
});
