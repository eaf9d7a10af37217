// The opcodes that pickle has. A reader that says of one of them that it does not
// know it has not claimed it; of any other byte, it has refused broken data.
const OPCODES = new Set([...Buffer.from("(.012FIJKLMNPQRSTUVXabcd}eghijl]opqrst)uGBC"),
  ...Array.from({ length: 0x99 - 0x80 }, (_, i) => 0x80 + i)]);

export const isOpcode = (byte) => OPCODES.has(byte);
