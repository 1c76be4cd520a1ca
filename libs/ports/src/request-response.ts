/** What a peer can be asked; the deployment's chain id and version are part of the name on the wire. */
export type RequestProtocol = "status" | "ping" | "goodbye" | "txs";

/** Answers a peer; a throw becomes an error answer with its code, never its text. */
export type RequestHandler = (request: { readonly data: Uint8Array; readonly from: string }) => Promise<Uint8Array>;

/** What one peer is asked. */
export interface PeerRequest {
  readonly protocol: RequestProtocol;
  readonly data: Uint8Array;
}

/** Questions to one peer, and answers to them. */
export interface RequestResponse {
  serve(protocol: RequestProtocol, handler: RequestHandler): void;
  /** Connected peers, best score first. */
  peers(): readonly string[];
  /** @throws a coded error on a time-out, a refusal, an answer that is too long, a peer that is gone */
  request(peer: string, request: PeerRequest, signal?: AbortSignal): Promise<Uint8Array>;
  /** Lowers a peer's score: what it sent was useless (`mild`) or provably wrong (`severe`). */
  penalize(peer: string, severity: "mild" | "severe", code: string): void;
}
