//! Ids and enums: calls of the transport's macros. Written as text, since prettyplease leaves a macro's inside alone.

use crate::{
    emit::docs,
    model::{Api, Docs},
};

pub(super) fn ids(api: &Api) -> String {
    let items: Vec<String> = api
        .ids
        .iter()
        .map(|id| {
            let kind = if id.text { "text_id" } else { "number_id" };
            format!(
                "smartsync_transport::{kind}! {{\n{}    pub struct {};\n}}\n",
                comment(&id.docs, "    "),
                id.name
            )
        })
        .collect();
    items.join("\n")
}

/// The enums, each with its name.
pub(super) fn enums(api: &Api) -> Vec<(&str, String)> {
    let mut items = Vec::new();
    for item in &api.enums {
        let mut text = format!(
            "smartsync_transport::open_enum! {{\n{}    pub enum {} {{\n",
            comment(&item.docs, "    "),
            item.name
        );
        for variant in &item.variants {
            text.push_str(&comment(&variant.docs, "        "));
            text.push_str(&format!("        {} = {:?},\n", variant.name, variant.text));
        }
        text.push_str("    }\n}\n");
        items.push((item.name.as_str(), text));
    }
    items
}

fn comment(text: &Docs, indent: &str) -> String {
    let lines = docs::lines(text);
    lines.iter().map(|line| format!("{}\n", format!("{indent}/// {line}").trim_end())).collect()
}
