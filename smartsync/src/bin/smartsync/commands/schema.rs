//! `smartsync schema save|config`.

use std::path::PathBuf;

use serde_json::{json, value::RawValue};
use smartsync::words::commands::schema as words;
use smartsync::{
    ConfigFile,
    config::{CONFIG_SCHEMA, save_schemas, schema_file_of},
};
use smartsync_core::Schemas;

use super::each_tenant::each_tenant;
use crate::{
    cli::Schema,
    commands::{Exit, Named},
    failure::Failure,
    output::Output,
};

pub(crate) async fn run(named: &Named, command: Schema, output: &mut Output) -> Result<Exit, Failure> {
    match command {
        Schema::Save { output: file, .. } => {
            if file.is_some() {
                // One file is for one tenant.
                named.file()?;
            }
            let save = async |config: &ConfigFile, output: &mut Output| {
                let file = file.clone().unwrap_or_else(|| schema_file_of(&named.path, config.name()));
                save(config, file, output).await
            };
            each_tenant(named, output, save).await
        }
        Schema::Config => {
            let schema: &RawValue = serde_json::from_str(CONFIG_SCHEMA)
                .map_err(|error| Failure::new(error, words::BUILT_WRONG))?;
            output.result(&schema, |out| out.write_all(CONFIG_SCHEMA.as_bytes()))?;
            Ok(Exit::Success)
        }
    }
}

async fn save(config: &ConfigFile, file: PathBuf, output: &mut Output) -> Result<Exit, Failure> {
    let schemas = config.schemas().await?;
    save_schemas(&schemas, &file)?;
    let Schemas { oneflow, teamtailor, .. } = &schemas;
    let data_fields: usize = oneflow.template_types.iter().map(|kind| kind.data_fields.len()).sum();
    let (template_types, workspaces) = (oneflow.template_types.len(), oneflow.workspaces.len());
    let custom_fields = teamtailor.iter().count();
    let result = json!({
        "file": file,
        "template_types": template_types,
        "data_fields": data_fields,
        "workspaces": workspaces,
        "custom_fields": custom_fields,
    });
    output.result(&result, |out| {
        writeln!(out, "{}", words::saved(file.display()))?;
        let numbers = [template_types, data_fields, workspaces, custom_fields];
        words::COUNTED.iter().zip(numbers).try_for_each(|(what, number)| writeln!(out, "{number:4} {what}"))
    })?;
    Ok(Exit::Success)
}
