/**
 * The profile of kubectl-gs. It is JSON that is read only when it is used: to make an object with all its
 * commands for each run took longer than all else that a run does with profiles.
 *
 * @module
 */

import type { Candidate } from "../profile.ts";

/** kubectl-gs, called by its own name or as kubectl's plugin. */
export const kubectlGs: Candidate = {
  name: "kubectl-gs",
  source: "built in",
  origin: "built in",
  match: [["kubectl", "gs"], ["kubectl-gs"]],
  load: () => JSON.parse(profile),
};

const profile = `{
  "name": "kubectl-gs", "displayName": "kubectl gs", "match": [["kubectl", "gs"], ["kubectl-gs"]],
  "appID": "4539763B-A291-4835-B832-9BEB80CA7039", "signalType": "GiantSwarm.command",
  "optOutVariable": "KUBECTL_GS_TELEMETRY_OPTOUT", "testModeVariable": "KUBECTL_GS_TELEMETRY_TESTMODE",
  "versionCall": ["--version"], "environment": { "KUBECTL_GS_TELEMETRY_OPTOUT": "1" },
  "root": {
    "name": "kubectl-gs",
    "valueFlags": [
      "--kubeconfig", "--cache-dir", "--certificate-authority", "--client-certificate", "--client-key",
      "--cluster", "--context", "--user", "--namespace", "-n", "--server", "-s", "--token", "--as",
      "--as-uid", "--as-group", "--as-user-extra", "--tls-server-name", "--request-timeout"
    ],
    "boolFlags": [
      "--debug", "--disable-version-check", "--insecure-skip-tls-verify", "--disable-compression"
    ],
    "persistentFlags": true, "versionFlags": ["--version", "-v"],
    "commands": [
      { "name": "__complete", "aliases": ["__completeNoDesc"], "counted": false },
      { "name": "completion", "counted": false,
        "commands": [
          { "name": "bash", "boolFlags": ["--no-descriptions"] },
          { "name": "fish", "boolFlags": ["--no-descriptions"] },
          { "name": "powershell", "boolFlags": ["--no-descriptions"] },
          { "name": "zsh", "boolFlags": ["--no-descriptions"] }
        ]
      },
      { "name": "credential-plugin", "counted": false },
      { "name": "deploy",
        "commands": [
          { "name": "chart",
            "valueFlags": [
              "--auto-upgrade", "--chart-name", "--interval", "--name", "--oci-url-prefix",
              "--organization", "--registry-provider", "--registry-username", "--target-cluster",
              "--target-namespace", "--values-file", "--values-from", "--version"
            ],
            "boolFlags": ["--dry-run", "--management-cluster"]
          }
        ]
      },
      { "name": "get",
        "commands": [
          { "name": "apps", "aliases": ["app"], "valueFlags": ["--output", "--template", "-o"],
            "boolFlags": [
              "--all-namespaces", "--allow-missing-template-keys", "--show-managed-fields", "-A"
            ]
          },
          { "name": "catalogs", "aliases": ["catalog"],
            "valueFlags": ["--max-col-width", "--output", "--template", "-o"],
            "boolFlags": [
              "--all-namespaces", "--allow-missing-template-keys", "--show-managed-fields", "-A"
            ]
          },
          { "name": "cluster-api", "aliases": ["capi"], "valueFlags": ["--output", "--template", "-o"],
            "boolFlags": ["--allow-missing-template-keys", "--show-managed-fields"]
          },
          { "name": "clusters", "aliases": ["cluster"], "valueFlags": ["--output", "--template", "-o"],
            "boolFlags": [
              "--all-namespaces", "--allow-missing-template-keys", "--show-managed-fields", "-A"
            ]
          },
          { "name": "nodepools", "aliases": ["nodepool"],
            "valueFlags": ["--cluster-name", "--output", "--template", "-c", "-o"],
            "boolFlags": [
              "--all-namespaces", "--allow-missing-template-keys", "--show-managed-fields", "-A"
            ]
          },
          { "name": "organizations", "aliases": ["organization", "orgs", "org"],
            "valueFlags": ["--output", "--template", "-o"],
            "boolFlags": ["--allow-missing-template-keys", "--show-managed-fields"]
          },
          { "name": "releases", "aliases": ["release"], "valueFlags": ["--output", "--template", "-o"],
            "boolFlags": ["--active-only", "--allow-missing-template-keys", "--show-managed-fields"]
          }
        ]
      },
      { "name": "gitops", "valueFlags": ["--local-path"], "boolFlags": ["--dry-run"],
        "persistentFlags": true,
        "commands": [
          { "name": "add",
            "commands": [
              { "name": "app",
                "valueFlags": [
                  "--app", "--base", "--catalog", "--install-timeout", "--management-cluster", "--name",
                  "--namespace", "--organization", "--rollback-timeout", "--target-namespace",
                  "--uninstall-timeout", "--upgrade-timeout", "--user-configmap", "--user-secret",
                  "--version", "--workload-cluster"
                ],
                "boolFlags": ["--in-cluster", "--skip-mapi"]
              },
              { "name": "automatic-update", "aliases": ["update"],
                "valueFlags": [
                  "--app", "--management-cluster", "--organization", "--repository", "--version-repository",
                  "--workload-cluster"
                ],
                "boolFlags": ["--skip-mapi"]
              },
              { "name": "base", "valueFlags": ["--azure-subscription-id", "--provider", "--region"] },
              { "name": "encryption", "aliases": ["enc"],
                "valueFlags": ["--management-cluster", "--organization", "--target", "--workload-cluster"],
                "boolFlags": ["--generate"]
              },
              { "name": "management-cluster", "aliases": ["mc"],
                "valueFlags": ["--name", "--repository-name"], "boolFlags": ["--gen-master-key"]
              },
              {
                "name": "organization", "aliases": ["org"], "valueFlags": ["--management-cluster", "--name"]
              },
              { "name": "workload-cluster", "aliases": ["wc"],
                "valueFlags": [
                  "--base", "--cluster-user-config", "--management-cluster", "--name", "--organization",
                  "--release", "--repository-name"
                ],
                "boolFlags": ["--skip-mapi"]
              }
            ]
          },
          { "name": "check", "boolFlags": ["--adopt"] },
          { "name": "init" }
        ]
      },
      { "name": "help", "counted": false },
      { "name": "login",
        "valueFlags": [
          "--api-ca-file", "--api-endpoint", "--aws-profile", "--callback-host", "--callback-port",
          "--certificate-group", "--certificate-ttl", "--cn-prefix", "--connector-id", "--login-timeout",
          "--oidc-client-id", "--oidc-issuer", "--oidc-scope", "--organization", "--proxy-port",
          "--self-contained", "--workload-cluster"
        ],
        "boolFlags": [
          "--cluster-admin", "--device-auth", "--insecure-namespace", "--internal-api", "--keep-context",
          "--proxy"
        ]
      },
      { "name": "selfupdate", "boolFlags": ["--dry-run"] },
      { "name": "template",
        "commands": [
          { "name": "app",
            "valueFlags": [
              "--app-name", "--catalog", "--catalog-namespace", "--cluster", "--cluster-name",
              "--install-timeout", "--name", "--namespace", "--namespace-annotations", "--namespace-labels",
              "--organization", "--rollback-timeout", "--target-namespace", "--uninstall-timeout",
              "--upgrade-timeout", "--user-configmap", "--user-secret", "--version"
            ],
            "boolFlags": ["--defaulting-enabled", "--in-cluster", "--prevent-deletion"]
          },
          { "name": "catalog",
            "valueFlags": [
              "--configmap", "--description", "--logo", "--name", "--namespace", "--secret",
              "--target-namespace", "--type", "--url", "--visibility"
            ]
          },
          { "name": "cluster",
            "valueFlags": [
              "--api-mode", "--aws-cluster-role-identity-name", "--aws-prefix-list-id",
              "--aws-transit-gateway-id", "--az-usage-limit", "--azure-cluster-identity-name",
              "--azure-cluster-identity-namespace", "--azure-subscription-id", "--bastion-instance-type",
              "--bastion-replicas", "--cloud-director-control-plane-disk-size-gb",
              "--cloud-director-control-plane-replicas", "--cloud-director-control-plane-sizing-policy",
              "--cloud-director-credentials-secret-name", "--cloud-director-http-proxy",
              "--cloud-director-https-proxy", "--cloud-director-no-proxy", "--cloud-director-org",
              "--cloud-director-ovdc", "--cloud-director-ovdc-network", "--cloud-director-site",
              "--cloud-director-vip-subnet", "--cloud-director-worker-disk-size-gb",
              "--cloud-director-worker-replicas", "--cloud-director-worker-sizing-policy",
              "--cluster-catalog", "--cluster-type", "--cluster-version", "--control-plane-az",
              "--control-plane-instance-type", "--control-plane-load-balancer-ingress-allow-cidr-block",
              "--default-apps-catalog", "--default-apps-version", "--description", "--http-proxy",
              "--https-proxy", "--kubernetes-version", "--label", "--machine-pool-azs",
              "--machine-pool-custom-node-labels", "--machine-pool-instance-type",
              "--machine-pool-max-size", "--machine-pool-min-size", "--machine-pool-name",
              "--machine-pool-root-volume-size-gb", "--management-cluster", "--name", "--no-proxy",
              "--oidc-ca-file", "--oidc-client-id", "--oidc-groups-claim", "--oidc-issuer-url",
              "--oidc-username-claim", "--organization", "--output", "--pods-cidr", "--private-subnet-size",
              "--provider", "--public-subnet-size", "--region", "--release", "--service-priority",
              "--template", "--topology-mode", "--vpc-cidr", "--vpc-mode",
              "--vsphere-control-plane-disk-gib", "--vsphere-control-plane-ip",
              "--vsphere-control-plane-ip-pool", "--vsphere-control-plane-memory-mib",
              "--vsphere-control-plane-num-cpus", "--vsphere-control-plane-replicas",
              "--vsphere-credentials-secret-name", "--vsphere-network-name", "--vsphere-resource-pool",
              "--vsphere-service-lb-pool", "--vsphere-service-load-balancer-cidr",
              "--vsphere-worker-disk-gib", "--vsphere-worker-memory-mib", "--vsphere-worker-num-cpus",
              "--vsphere-worker-replicas", "-o"
            ],
            "boolFlags": [
              "--allow-missing-template-keys", "--generate-name", "--prevent-deletion",
              "--show-managed-fields"
            ]
          },
          { "name": "organization", "valueFlags": ["--name", "--output"] }
        ]
      },
      { "name": "update", "aliases": ["upgrade"],
        "commands": [
          { "name": "app", "valueFlags": ["--name", "--output", "--template", "--version", "-o"],
            "boolFlags": [
              "--allow-missing-template-keys", "--show-managed-fields", "--suspend-reconciliation"
            ]
          },
          { "name": "cluster",
            "valueFlags": [
              "--name", "--output", "--provider", "--release-version", "--scheduled-time", "--template",
              "-o"
            ],
            "boolFlags": ["--allow-missing-template-keys", "--show-managed-fields"]
          }
        ]
      },
      { "name": "validate",
        "commands": [
          { "name": "apps", "aliases": ["app"],
            "valueFlags": ["--output", "--selector", "--values-schema-file", "-f", "-l", "-o"],
            "boolFlags": ["--all-namespaces", "--quiet", "-A", "-q"]
          }
        ]
      }
    ]
  }
}`;
