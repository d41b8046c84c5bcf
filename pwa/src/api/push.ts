/** Push and reminders, as the server answers them. */

export interface OwnPhone {
  id: string;
  device: string;
  is_this: boolean;
  stopped: boolean;
}

export interface PushState {
  public_key: string;
  sends: boolean;
  subscriptions: OwnPhone[];
  channels: { kind: "message" | "sms"; name: string }[];
}

/** How far a test came by one way; the first time that is null is where the chain breaks. */
export interface TestStep {
  channel: "push" | "message" | "sms" | "call";
  state: string;
  status: number | null;
  handed_over_at: string | null;
  received_at: string | null;
  shown_at: string | null;
}

export interface Test {
  id: string | null;
  steps: TestStep[];
}

export interface Feed {
  created_at: string | null;
  read_at: string | null;
}
