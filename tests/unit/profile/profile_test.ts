import assert from "node:assert/strict";
import fc from "fast-check";
import { test } from "node:test";
import kubectl from "../../fixtures/kubectl.profile.json" with { type: "json" };
import { type CommandTree, nameCommand } from "../../../lib/profile/name.ts";
import { builtInCandidates } from "../../../lib/profile/built_in/mod.ts";
import { claimCommand, standingOf } from "../../../lib/profile/claim.ts";
import { baseName, type Candidate, type Profile, wholeCandidate } from "../../../lib/profile/profile.ts";
import { builtInProfiles } from "../../../lib/library/profiles.ts";
import { readCache } from "../../../lib/profile/cache.ts";
import { compileCandidates } from "../../../lib/profile/cache_writer.ts";
import { checkProfile } from "../../../lib/profile/schema.ts";

const learned = wholeCandidate(checkProfile(kubectl, "kubectl.profile.json"), "kubectl.profile.json");

function claimed(command: readonly string[]): string | undefined {
  const claim = claimCommand([learned, ...builtInCandidates], command);
  return claim.kind === "match" ? `${claim.match.profile.name}: ${claim.match.args.join(" ")}` : undefined;
}

test("claimCommand gives the profile with the longest claim, and the words behind it", () => {
  assert.equal(claimed(["kubectl", "gs", "login"]), "kubectl-gs: login");
  assert.equal(claimed(["kubectl-gs", "login"]), "kubectl-gs: login");
  assert.equal(claimed(["kubectl", "get", "gs"]), "kubectl: get gs");
  assert.equal(claimed(["kubectl"]), "kubectl: ");
  assert.equal(claimed(["/opt/bin/kubectl", "gs"]), "kubectl-gs: ");
  assert.equal(claimed(["C:\\bin\\kubectl.EXE", "gs", "get"]), "kubectl-gs: get");
  assert.equal(claimed(["kubectl-gsx"]), undefined);
  assert.equal(claimed(["gs"]), undefined);
});

test("claimCommand names both profiles when two claim the same command", () => {
  const [one, two] = ["one", "two"].map((name) =>
    wholeCandidate({ ...builtInProfiles[0], name }, `/home/me/${name}.json`)
  );
  assert.deepEqual(claimCommand([...builtInCandidates, one, two], ["kubectl", "gs", "get"]), {
    kind: "problem",
    problem: "profiles one (/home/me/one.json) and two (/home/me/two.json) both claim 'kubectl gs'; " +
      "choose one with --profile",
  });
});

test("claimCommand gives the profile of the strongest origin, for what it claims as well as the others", () => {
  const own = { ...builtInProfiles[0], match: [["kubectl", "gs"]] };
  const brands = wholeCandidate(own, "built into acme", "brand");
  const users = wholeCandidate(own, "/home/me/own.json");
  const sourceOf = (candidates: Candidate[], command: string[]) => {
    const claim = claimCommand(candidates, command);
    return claim.kind === "match" && [claim.match.source, claim.match.replaced?.map(({ source }) => source)];
  };
  const all = [users, ...builtInCandidates, brands];
  assert.deepEqual(sourceOf(all, ["kubectl", "gs"]), [users.source, ["built in", brands.source]]);
  assert.deepEqual(sourceOf([...builtInCandidates, brands], ["kubectl", "gs"]), [brands.source, [
    "built in",
  ]]);
  assert.deepEqual(sourceOf(all, ["kubectl-gs"]), ["built in", []]);
  assert.deepEqual(standingOf(builtInCandidates[0], all), {
    replacedBy: { source: users.source, claims: ["kubectl gs"] },
  });
  assert.deepEqual(standingOf(users, all), {});
});

test("claimCommand finds no profile for a command that none claims", () => {
  assert.deepEqual(claimCommand(builtInCandidates, ["kubectl", "login"]), { kind: "none" });
});

test("baseName leaves out folders and Windows' ending", () => {
  const names = ["a", "/x/a", "./a", "C:\\x\\a.exe", "a.EXE", "a.sh"].map((path) => baseName(path, "linux"));
  assert.deepEqual(names, ["a", "a", "a", "a", "a", "a.sh"]);
});

test("baseName() takes batch files and capital letters for the same name when the system is Windows", () => {
  const names = [
    "Kubectl.EXE",
    "C:\\x\\kubectl.cmd",
    "kubectl.bat",
    "KUBECTL.COM",
    "kubectl",
    "kubectl.v2.exe",
  ];
  assert.deepEqual(names.map((path) => baseName(path, "windows")), [
    ...Array(5).fill("kubectl"),
    "kubectl.v2",
  ]);
});

const everyday: [line: string, name: string][] = [
  ["kubectl get pods", "get"],
  ["kubectl -n kube-system get pods -o wide", "get"],
  ["kubectl --context prod rollout status deploy/web", "rollout status"],
  ["kubectl get pods -- -h", "get"],
  ["kubectl get pods -A", "get"],
  ["kubectl get -n rollout pods", "get"],
  ["kubectl get deploy web -o jsonpath={.spec.replicas}", "get"],
  ["kubectl get pods -l app=web,tier!=db --watch", "get"],
  ["kubectl --kubeconfig /secret/config get nodes", "get"],
  ["kubectl --kubeconfig=/secret/config get nodes", "get"],
  ["kubectl -nsecret describe pod web-0", "describe"],
  ["kubectl describe -f pod.yaml", "describe"],
  ["kubectl apply -f deploy.yaml", "apply"],
  ["kubectl apply -k overlays/prod --server-side", "apply"],
  ["kubectl apply --dry-run=server -f -", "apply"],
  ["kubectl apply --dry-run view-last-applied deploy/web", "apply view-last-applied"],
  ["kubectl delete pod web-0 --grace-period 0 --force", "delete"],
  ["kubectl delete -f deploy.yaml --ignore-not-found", "delete"],
  ["kubectl logs -f web-0 -c app --tail 100", "logs"],
  ["kubectl logs -p web-0", "logs"],
  ["kubectl exec -it web-0 -- sh -c help", "exec"],
  ["kubectl exec web-0 -c app -- kubectl get -h", "exec"],
  ["kubectl port-forward svc/web 8080:80", "port-forward"],
  ["kubectl config use-context prod", "config use-context"],
  ["kubectl config use prod", "config use-context"],
  ["kubectl config set-context --current --namespace=secret", "config set-context"],
  ["kubectl config get-contexts", "config get-contexts"],
  ["kubectl config view --minify --raw", "config view"],
  ["kubectl create deploy web --image=nginx", "create deployment"],
  ["kubectl create secret generic token --from-literal=a=b", "create secret generic"],
  ["kubectl create cm settings --from-file=config", "create configmap"],
  ["kubectl create -f get.yaml", "create"],
  ["kubectl rollout restart deploy web", "rollout restart"],
  ["kubectl rollout -n prod undo deploy/web --to-revision 2", "rollout undo"],
  ["kubectl scale --replicas 3 deploy/web", "scale"],
  ["kubectl set image deploy/web app=nginx:1.27", "set image"],
  ["kubectl top pod --sort-by=cpu", "top pod"],
  ["kubectl top no", "top node"],
  ["kubectl auth can-i create deployments", "auth can-i"],
  ["kubectl run -it --rm debug --image=busybox --restart=Never -- sh", "run"],
  ["kubectl debug node/worker-1 -it --image=busybox", "debug"],
  ["kubectl drain worker-1 --ignore-daemonsets", "drain"],
  ["kubectl label ns prod team=secret --overwrite", "label"],
  ["kubectl wait --for=condition=Ready pod -l app=web --timeout 60s", "wait"],
  ["kubectl --as admin --insecure-skip-tls-verify get secrets", "get"],
  ["kubectl -v 6 get --raw /healthz", "get"],
  ["kubectl cp web-0:/tmp/get ./get", "cp"],
  ["kubectl explain pods.spec", "explain"],
  ["kubectl my-plugin get secret", ""],
  ["kubectl", ""],
  ["kubectl get pods --help", "not counted: --help is not counted"],
  ["kubectl help get", "not counted: 'help' is not counted"],
  ["kubectl version --client", "not counted: 'version' is not counted"],
  ["kubectl completion bash", "not counted: 'completion' is not counted"],
  ["kubectl __complete get ", "not counted: '__complete' is not counted"],
];

function nameWith(root: CommandTree, args: readonly string[]): string {
  const name = nameCommand(root, args);
  return name.counted ? name.words.join(" ") : `not counted: ${name.reason}`;
}

test("everyday command lines of kubectl get their names from the profile learned from it", () => {
  for (const [line, name] of everyday) {
    assert.equal(nameWith(learned.load([]).root, line.split(" ").slice(1)), name, line);
  }
});

/** Reads a cache out of memory. */
function parseCache(text: string, stamp: string): Candidate[] | undefined {
  const bytes = new TextEncoder().encode(text);
  const read = (offset: number, length = 65_536) =>
    new TextDecoder().decode(bytes.subarray(offset, offset + length));
  return readCache(read, stamp);
}

function compiled(profile: Profile, args: readonly string[]): Profile {
  const text = compileCandidates([wholeCandidate(profile, "file")], "stamp");
  return parseCache(text, "stamp")![0].load(args);
}

test("a compiled profile gives everyday command lines the same names", () => {
  for (const [line, name] of everyday) {
    const args = line.split(" ").slice(1);
    assert.equal(nameWith(compiled(learned.load([]), args).root, args), name, line);
  }
});

test("a compiled profile gives random command lines the same names and keeps everything else", () => {
  const { root } = learned.load([]);
  const words = (command: CommandTree): string[] => [
    command.name,
    ...command.aliases ?? [],
    ...command.valueFlags ?? [],
    ...command.boolFlags ?? [],
    ...(command.commands ?? []).flatMap(words),
  ];
  const { root: compiledRoot, ...head } = compiled(learned.load([]), words(root));
  assert.deepEqual({ ...head, root }, learned.load([]));
  assert.deepEqual(JSON.parse(JSON.stringify(compiledRoot.commands?.length)), root.commands?.length);
  const text = compileCandidates([learned], "stamp");
  const word = fc.constantFrom(...words(root), "secret", "--", "-h");
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), (args) => {
      const [candidate] = parseCache(text, "stamp")!;
      assert.equal(nameWith(candidate.load(args).root, args), nameWith(root, args));
    }),
    { seed: 5, numRuns: 2_000 },
  );
});

test("a cache that has changed meanwhile is a problem of the command, not an error", () => {
  const text = compileCandidates([learned], "stamp").replace("\n0 get\t", "\n0 set\t");
  const claim = claimCommand(parseCache(text, "stamp")!, ["kubectl", "get"]);
  assert.deepEqual(claim, {
    kind: "problem",
    problem: "profile kubectl.profile.json: the cache of the profiles has changed meanwhile",
  });
});

test("a cache of other files, of another version or cut short is not read", () => {
  const text = compileCandidates([learned], "stamp");
  assert.equal(parseCache(text, "other"), undefined);
  assert.equal(parseCache(text.replace(/"version":"[^"]+"/, '"version":"0.0.0"'), "stamp"), undefined);
  assert.equal(parseCache("", "stamp"), undefined);
  assert.equal(parseCache(text.slice(0, 20), "stamp"), undefined);
});
