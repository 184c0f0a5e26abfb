//! `deploy/compose.yaml`: what a service uses is declared, what is declared is used, and only the proxy is open to the outside.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use serde::Deserialize;

use crate::readmes::root;

#[derive(Deserialize)]
struct Compose {
    services: BTreeMap<String, Service>,
    configs: BTreeMap<String, Source>,
    secrets: BTreeMap<String, Source>,
    volumes: BTreeMap<String, Option<()>>,
    networks: BTreeMap<String, Option<Network>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Service {
    image: String,
    deploy: Deploy,
    depends_on: BTreeMap<String, Condition>,
    environment: BTreeMap<String, String>,
    configs: Vec<Mount>,
    secrets: Vec<String>,
    volumes: Vec<String>,
    networks: Vec<String>,
    ports: Vec<String>,
    read_only: bool,
    cap_drop: Vec<String>,
    security_opt: Vec<String>,
    healthcheck: Option<Healthcheck>,
}

#[derive(Default, Deserialize)]
struct Deploy {
    replicas: u32,
}

#[derive(Deserialize)]
struct Condition {
    condition: String,
}

#[derive(Deserialize)]
struct Mount {
    source: String,
    target: String,
}

#[derive(Deserialize)]
struct Source {
    file: String,
}

#[derive(Deserialize)]
struct Healthcheck {
    test: Vec<String>,
}

#[derive(Deserialize)]
struct Network {
    internal: bool,
}

fn compose() -> Compose {
    yaml_serde::from_str(&fs::read_to_string(root().join("deploy/compose.yaml")).unwrap()).unwrap()
}

/// The names before the `:`.
fn names(mounts: &[String]) -> impl Iterator<Item = &str> {
    mounts.iter().map(|mount| mount.split_once(':').unwrap().0)
}

#[test]
fn what_a_service_uses_is_declared_and_what_is_declared_is_used() {
    let Compose { services, configs, secrets, volumes, networks } = compose();
    let used = |of: &dyn Fn(&Service) -> Vec<String>| services.values().flat_map(of).collect::<BTreeSet<_>>();
    let keys = |declared: Vec<&String>| declared.into_iter().cloned().collect::<BTreeSet<_>>();
    let of_configs = |service: &Service| service.configs.iter().map(|mount| mount.source.clone()).collect();
    assert_eq!(used(&of_configs), keys(configs.keys().collect()));
    assert_eq!(used(&|service| service.secrets.clone()), keys(secrets.keys().collect()));
    assert_eq!(used(&|service| service.networks.clone()), keys(networks.keys().collect()));
    let of_volumes = |service: &Service| names(&service.volumes).map(str::to_owned).collect();
    assert_eq!(used(&of_volumes), keys(volumes.keys().collect()));
    for (name, service) in &services {
        assert!(service.depends_on.keys().all(|other| services.contains_key(other)), "{name}");
    }
    for (name, Source { file }) in &configs {
        assert!(root().join("deploy").join(file).is_file(), "{name}: there is no {file}");
    }
    for (name, Source { file }) in &secrets {
        assert_eq!(*file, format!("secrets/{name}"), "a secret is not in the repository");
        assert!(!root().join("deploy").join(file).exists(), "{name} is in the repository");
    }
}

#[test]
fn two_servers_that_may_do_nothing_else_wait_for_a_database_that_nobody_else_reaches() {
    let Compose { services, networks, .. } = compose();
    let (server, database, proxy) = (&services["server"], &services["database"], &services["proxy"]);
    assert!(server.deploy.replicas >= 2 && server.read_only && server.cap_drop == ["all"]);
    assert_eq!(server.security_opt, ["no-new-privileges:true"]);
    assert!(server.ports.is_empty() && database.ports.is_empty(), "only the proxy is open to the outside");
    assert_eq!(server.depends_on["database"].condition, "service_healthy");
    assert_eq!(database.healthcheck.as_ref().unwrap().test[..2], ["CMD", "pg_isready"]);
    assert!(networks["inside"].as_ref().unwrap().internal && networks["outside"].is_none());
    assert_eq!(database.networks, ["inside"]);
    assert_eq!(proxy.networks, ["outside"], "the proxy does not reach the database");
    for (name, Service { image, .. }) in &services {
        assert!(name == "server" || image.contains(':'), "{name}: which version?");
    }
}

#[test]
fn each_service_is_told_what_its_files_ask_for() {
    let Compose { services, .. } = compose();
    let text = |path: &str| fs::read_to_string(root().join(path)).unwrap();
    let container = text("deploy/Containerfile");
    let target = |service: &str| services[service].configs[0].target.clone();
    assert!(container.contains(&target("server")), "`CMD` names another configuration");
    // What the configuration reads is there, and nothing else.
    let config = text("deploy/smartsync.compose.toml");
    let read = config.split("/run/secrets/").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned());
    let given: BTreeSet<String> = services["server"].secrets.iter().cloned().collect();
    assert_eq!(read.collect::<BTreeSet<_>>(), given);
    let caddy = text("deploy/Caddyfile");
    for name in services["proxy"].environment.keys() {
        assert!(caddy.contains(&format!("{{${name}:")), "the Caddyfile does not ask for {name}");
    }
}
