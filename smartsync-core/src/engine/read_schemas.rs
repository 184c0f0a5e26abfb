//! Reads what both services have: the fields that a mapping may name.

use oneflow_client::{
    OneflowClient,
    accounts::ListWorkspaces,
    contracts::DataField,
    templates::{GetTemplateType, ListTemplateTypes, TemplateType},
};
use smartsync_transport::PageError;
use teamtailor_client::TeamtailorClient;

use super::readable_items::readable_items;
use crate::{
    candidate::Definitions,
    mapping::{DataFieldSchema, OneflowSchema, Schemas, TemplateTypeSchema, WorkspaceSchema},
};

impl Schemas {
    /// Reads both services: template types one by one, workspaces, custom fields and the options of all selects. An item
    /// that cannot be decoded is left out.
    ///
    /// # Errors
    ///
    /// [`PageError`] when a service could not be read, or a list not to its end.
    pub async fn read(oneflow: &OneflowClient, teamtailor: &TeamtailorClient) -> Result<Self, PageError> {
        let oneflow = read_oneflow(oneflow).await?;
        match Definitions::read_where(teamtailor, |_| true, None).await? {
            (teamtailor, None) => Ok(Self::new(oneflow, teamtailor)),
            (_, Some(unread_list)) => Err(unread_list),
        }
    }
}

async fn read_oneflow(oneflow: &OneflowClient) -> Result<OneflowSchema, PageError> {
    let mut template_types = Vec::new();
    for listed in readable_items(oneflow.pages(ListTemplateTypes::new()).items()).await?.0 {
        // The list's copy may be shortened.
        let whole = oneflow.send_opt(&GetTemplateType::new(listed.id)).await?;
        template_types.push(template_type(&whole.unwrap_or(listed)));
    }
    let (workspaces, _) = readable_items(oneflow.pages(ListWorkspaces::new()).items()).await?;
    let workspaces = workspaces
        .into_iter()
        .map(|workspace| WorkspaceSchema::new(workspace.id, workspace.name.unwrap_or_default()));
    Ok(OneflowSchema::new(template_types, workspaces))
}

fn template_type(model: &TemplateType) -> TemplateTypeSchema {
    let data_fields = model.data_fields.iter().filter_map(data_field);
    TemplateTypeSchema::new(model.id, model.name.clone().unwrap_or_default(), data_fields)
}

fn data_field(model: &DataField) -> Option<DataFieldSchema> {
    let mut field = DataFieldSchema::new(model.key()?);
    field.name = model.name.clone();
    field.active = model.active != Some(false);
    field.source = model.source.clone();
    Some(field)
}
