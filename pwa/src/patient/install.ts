/** Installing: browsers that ask let the diary ask at a better moment. */
interface InstallPrompt extends Event {
  prompt: () => Promise<unknown>;
}

let prompt: InstallPrompt | null = null;
const listeners = new Set<() => void>();

const tell = (): void => {
  for (const listener of listeners) listener();
};

export function watchInstall(): void {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    prompt = event as InstallPrompt;
    tell();
  });
  addEventListener("appinstalled", () => {
    prompt = null;
    tell();
  });
}

export const canInstall = (): boolean => prompt !== null;
export const isInstalled = (): boolean => matchMedia("(display-mode: standalone)").matches;

export async function install(): Promise<void> {
  await prompt?.prompt();
  prompt = null;
  tell();
}

export function onInstallChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
