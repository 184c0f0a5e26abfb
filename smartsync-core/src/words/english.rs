//! English.

pub(crate) mod decisions;
pub(crate) mod lists;
pub(crate) mod mapping;
pub(crate) mod permissions;

in_words_reasons! {
    // Nothing to do.
    NotInContract: "The contract does not have this field."
        => "If it should be there, add the data field to the template in Oneflow, for contracts to come.",
    NothingToSay: "The field in the contract is empty and has not been filled in yet.",
    CandidateIsNewer: "The contract's value is not new, so the candidate's card stays as it is."
        => "If the contract's value is the right one after all, type it on the card.",
    EmptyKept: "The field was cleared in the contract; the mapping keeps the candidate's value."
        => "If the card should be empty as well, clear it there; `on_empty = \"clear\"` with `when = \"all_signed\"` does so for contracts to come.",
    OtherContractFirst: "Another contract of this candidate takes precedence: the one signed last or, while none is signed, the one sent last.",
    OnlyPrefilled: "The mapping only copies this field into new contracts."
        => "To have it written back, set `direction = \"both\"` in its `[[field]]` entry.",
    IdentityOnlyPrefilled: "The convention only prefills this; add a `[[field]]` to write it back."
        => "Add a `[[field]]` entry for it if contracts may change it; `email` also needs `allow_identity = true`.",
    OnlyWrittenBack: "The mapping only copies this field from contracts to the card."
        => "To have it filled in, too, set `direction = \"both\"` in its `[[field]]` entry.",
    OutOfScope: "The mapping limits this to contracts of other template types, or in other workspaces."
        => "If it should be synced, add the contract's template type or workspace to `[sync]`, or to the entry.",
    CandidateEmpty: "The candidate has no value for this field."
        => "Fill in the card before the contract is created, or have the participant fill in the contract.",
    WaitsForCandidateSignature: "The field is written to the card once the candidate has signed.",
    WaitsForAllSignatures: "The field is written to the card once everyone has signed.",
    ContractIsDraft: "The contract has not been sent yet."
        => "Send the contract from Oneflow.",
    ContractDeclined: "The contract was declined.",
    ContractOverdue: "The contract's signing period has expired."
        => "If it is still wanted, extend the signing period in Oneflow.",
    ContractGone: "The contract was deleted, or SmartSync has no access to it."
        => "If it does exist, give the user in `oneflow.user_email` access to it.",
    ContractRetired: "The record of what both sides last agreed on was erased when its retention period ended; nothing more is written back from this contract."
        => "To have it synced again, run `smartsync link CONTRACT --candidate ID`: its fields are then treated as if seen for the first time.",
    ContractStateUnknown: "This version of SmartSync does not recognise the contract's state."
        => "Update SmartSync; until then the contract is left alone.",

    // A new contract.
    NotAcceptedByOneflow: "Oneflow did not put the candidate's value into the new contract; a field that belongs to one of Oneflow's own integrations cannot be filled in from outside."
        => "Type the value into the contract, and map a data field of your own for contracts to come.",
    ContractHoldsAnother: "The contract was created by an earlier attempt and does not hold the value on the candidate's card."
        => "Compare the contract with the card, and correct the one that is wrong.",

    // Both sides have changed.
    ConflictContractWon: "The field was changed on both sides; as set in the mapping, the contract's value was used."
        => "If the card's value was right, type it on the card again: it then stays.",
    ConflictCandidateWon: "The field was changed on both sides; as set in the mapping, the candidate's value was kept."
        => "If the contract's value is right, type it on the card.",
    ConflictHeld: "The field was changed on both sides; someone has to decide which value is right."
        => "Decide with `smartsync resolve CONTRACT FIELD --take contract` or `--take card`, or make both sides the same. To have a rule decide from now on, set `on_conflict` in the field's `[[field]]` entry.",
    FirstSightContractWon: "The two sides already differed when the contract was first seen; as set in the mapping, the contract's value was used."
        => "If the card's value was right, type it on the card again: it then stays.",
    FirstSightCandidateWon: "The two sides already differed when the contract was first seen; as set in the mapping, the candidate's value was kept."
        => "If the contract's value is right, type it on the card.",
    FirstSightHeld: "The two sides already differed when the contract was first seen; someone has to decide which value is right."
        => "Decide with `smartsync resolve CONTRACT FIELD --take contract` or `--take card`, or make both sides the same.",
    EditNotProven: "The two sides differ, it is not known what they last agreed on, and the field's timestamps do not show an edit after the contract was sent: it may still hold the value that the contract was created with. Make both sides the same, or set `on_first_sight` in the field's `[[field]]` entry."
        => "Compare both sides, and decide with `smartsync resolve CONTRACT FIELD --take contract` or `--take card`. To have a rule decide from now on, set `on_first_sight` in the field's `[[field]]` entry.",
    Cleared: "The field was cleared in the contract, so the candidate's value was cleared too."
        => "If the value was still right, type it on the card again: it then stays.",
    CutOffContractWon: "An earlier write of this field was interrupted, so it is not known whether a person has changed the card since; as set in the mapping, the contract's value was used."
        => "Check the card; if its value before was right, type it there again: it then stays.",
    CutOffHeld: "An earlier write of this field was interrupted, so it is not known whether a person has changed the card since; someone has to decide which value is right."
        => "Decide with `smartsync resolve CONTRACT FIELD --take contract` or `--take card`, or make both sides the same.",
    DecidedContract: "Someone has decided that the contract's value is right, so it was used.",
    DecidedCard: "Someone has decided that the candidate's value is right, so it was kept.",
    ChangedMeanwhile: "The candidate's card or the contract has just changed; the contract will be synced again.",

    LimitReached: "The limit on overwritten and cleared values has been reached, so this value was left as it is."
        => "Check with `smartsync plan --all` that the mapping does what you want. The server writes the rest as the limit allows it; `smartsync sync --all --max-changes N` writes it at once, and `smartsync resolve CONTRACT FIELD --take contract` this one.",

    // Whose contract it is.
    NoCandidate: "Nothing links the contract to a candidate. If candidates' contracts are also created outside SmartSync, add `email` to `link` and the contracts' `template_types` to `[sync]`, or run smartsync link for this one."
        => "If it is a candidate's contract, run `smartsync link CONTRACT --candidate ID`. Contracts of others, such as sales contracts, need nothing.",
    LinkUnconfirmed: "A participant has the candidate's e-mail address, but Oneflow does not show that the contract was sent to that participant as a signatory and that nobody has changed or delegated the participant since; if the contract belongs to the candidate, run smartsync link."
        => "Find out whose contract it is, then run `smartsync link CONTRACT --candidate ID`.",
    SeveralCandidates: "More than one candidate matches the contract."
        => "Merge the candidates in Teamtailor, or run `smartsync link CONTRACT --candidate ID` for the right one.",
    AddressShared: "Several participants of the contract share the candidate's e-mail address, so it is unclear which of them is the candidate."
        => "Run `smartsync link CONTRACT --candidate ID` for the right one.",
    LinkForged: "The contract's link to a candidate was not signed by SmartSync."
        => "Find out who put the link there, or whether the key was replaced. If the contract belongs to a candidate, run `smartsync link CONTRACT --candidate ID`.",
    LinkOfAnotherContract: "The contract carries a link that belongs to another contract."
        => "The contract was probably copied from another. Run `smartsync link CONTRACT --candidate ID` for the right candidate.",
    LinkDisagrees: "The contract now names a different candidate."
        => "Find out who changed the contract. Whomever it belongs to, run `smartsync link CONTRACT --candidate ID --yes`.",
    CandidateGone: "The candidate was deleted or merged, or SmartSync has no access to it."
        => "If the candidate was merged into another, run `smartsync link CONTRACT --candidate ID` with the id of that one; otherwise check what the Teamtailor key has access to.",
    CandidateForgotten: "The candidate was forgotten on request, so nothing more is written.",

    // The mapping and the fields.
    UnknownCustomField: "Teamtailor has no candidate custom field with this name."
        => "Correct the name in the mapping, or create the custom field in Teamtailor; `smartsync check` suggests the nearest names.",
    UnsupportedFieldType: "This version of SmartSync does not know the custom field's type; set the `type` of its values in a `[[field]]` entry for it."
        => "Set `type` in a `[[field]]` entry for it, and try it on one candidate first.",
    TypeMismatch: "The custom field cannot hold values of the `type` set in its `[[field]]` entry."
        => "Remove `type` from its `[[field]]` entry, since Teamtailor defines it, or map another custom field.",
    TwoSources: "Two data fields would write to the same candidate field."
        => "Set `direction = \"to_oneflow\"` in all but one of the entries.",

    // Values.
    ContractValueUnreadable: "The contract's text is not a valid value for the field's type."
        => "Correct the value in the contract while it can be edited, or type it on the card.",
    AmbiguousNumber: "The number can be read in two ways, with a decimal point or a decimal comma; set `decimal` in the `locale` of `[sync]` or of the field's `[[field]]` entry."
        => "Set `decimal`, or type the value on the card.",
    OtherCurrency: "The amount's currency is not the `currency` set in the `locale` of `[sync]` or of the field's `[[field]]` entry."
        => "Type the right amount on the card.",
    AmbiguousDate: "The date can be read in two ways, day first or month first; set `date_order` in the `locale` of `[sync]` or of the field's `[[field]]` entry."
        => "Set `date_order`, or type the date on the card.",
    ImplausibleDate: "The year is not between 1900 and 2199, so one of its digits is probably wrong."
        => "Correct the date in the contract while it can be edited, or type it on the card.",
    HiddenCharacters: "The contract's text contains invisible characters, so it is not what it appears to be; type it again instead of pasting it."
        => "Type the value again in the contract while it can be edited, or on the card.",
    Markup: "The contract's text contains markup that a web page could mistake for its own; if it is intended, someone has to type it on the candidate's card."
        => "Ask the participant what was meant, and type it on the card.",
    Formula: "The contract's text starts like a formula, which a spreadsheet would evaluate; if it is intended, someone has to type it on the candidate's card."
        => "Ask the participant what was meant, and type it on the card.",
    TurnedText: "The contract's text contains a character that changes the reading direction, so it may not be what it appears to be; someone has to decide whether it belongs on the card."
        => "Look at the contract in Oneflow, and type what was meant on the card.",
    LookAlike: "A word in the contract's text can be mistaken for another one that looks the same; someone has to decide whether it belongs on the card."
        => "Look at the contract in Oneflow, and type what was meant on the card.",
    NotOnLinkedin: "The address in the contract is not on linkedin.com; someone has to decide whether it belongs on the card."
        => "Open the address only if you trust it; if it is the candidate's profile, type its address on linkedin.com on the card.",
    UnknownOption: "The select has no option with this name."
        => "Add the option to the select in Teamtailor, or choose one on the card.",
    AmbiguousOption: "The text matches two options of the select: it is the name of one, and the name or id of the other."
        => "Rename one of the two options in Teamtailor, or choose the right one on the card.",
    AmbiguousChoices: "The text can be split into the select's options in more than one way."
        => "Choose the right ones on the card; options whose names contain no commas cannot be mistaken.",
    TooLong: "The text is longer than the field allows; it was not shortened."
        => "Shorten the value in the contract while it can be edited, or type a shorter one on the card.",
    Lossy: "The other service cannot store the value without changing it."
        => "Map a field that can hold such values, or type the value on the card.",
    CandidateValueUnreadable: "The value on the candidate's card is not a valid value for the field's type."
        => "Correct the value on the card.",

    // Teamtailor's answers.
    EmailTaken: "Another candidate already has this e-mail address."
        => "Merge the two candidates in Teamtailor, or correct the address.",
    Refused: "The service refused the request."
        => "The log of the server, or `-v`, names the request; check the value, and what the credentials may do.",
    RefusedTogether: "Teamtailor refused the update that included this field, and did not say which field was wrong."
        => "Check the fields of the card that the contract fills in; each is tried again at the next look.",
    OptionRefused: "Teamtailor refused the option, which has just been changed or deleted; the options will be read again at the next sync."
        => "Run `smartsync sync CONTRACT` if no look follows by itself.",
    ClearRefused: "Teamtailor refused to clear the value."
        => "Clear the value on the card, or set `on_empty = \"keep\"` for the field.",
    NotAsWritten: "Teamtailor accepted the value but shows a different one; the contract will be synced again."
        => "If it stays so, compare the card with the contract: Teamtailor may store the value in another form.",
    NotAuthorized: "The credentials are wrong or lack a required permission."
        => "Run `smartsync check`: it shows what each credential may do.",
    Unavailable: "The service did not answer or was busy; this will be retried.",
    LedgerFailed: "SmartSync's ledger could not be read or written; this will be retried."
        => "Check the disk, the permissions of the database, or the connection to it; the log says what failed.",
    OtherContractUnreadable: "Another contract of this candidate could not be read, so it is not known which one takes precedence; the contract will be synced again.",
    AnswerUnreadable: "The service's answer could not be understood; the contract will be synced again."
        => "If it stays so, update SmartSync; the log names the member that could not be read.",
    OtherAccount: "The credentials belong to a different account from the one SmartSync was set up for, so nothing was written."
        => "Put the right credentials back, use another database, or move this one with `smartsync adopt`.",
    PlanOfAnotherEngine: "The plan was made for other accounts or with another key, so none of it was carried out."
        => "Make the plan again with the engine that carries it out.",
    NotAttempted: "An earlier step failed, so this one was not attempted."
        => "See to the field that failed before it; this one is tried at the next look.",

    // The document.
    NotSignedYet: "The document is attached once everyone has signed.",
    DocumentNotWanted: "The mapping does not attach documents."
        => "To have documents attached, set `document = { attach = true }` in `[sync]`.",
    DocumentByAddress: "Only a participant's e-mail address links the contract to the candidate, so the document is not attached; set `by_email` in `document` of `[sync]`, or run smartsync link."
        => "Find out whose contract it is, then run `smartsync link CONTRACT --candidate ID`; or set `by_email`.",
    FileNotReady: "Oneflow has not created the signed file yet; this will be retried.",
    FileWithoutAddress: "Oneflow sent the file itself instead of an address that Teamtailor could fetch it from; a document host is needed."
        => "Give the engine a document host: only a program that embeds it can.",
    FileTooLarge: "The signed file exceeds the size limit for document hosts."
        => "Attach the file to the card by hand.",
    DocumentHostFailed: "The document host could not accept the signed file; this will be retried."
        => "If it stays so, check the document host.",
    AddressNotPublic: "The file's address is not public, so Teamtailor cannot fetch it."
        => "Check the document host, or the base URL of Oneflow.",
    DocumentRefused: "Teamtailor refused the file; this will be retried with a fresh address."
        => "If it stays so, attach the file to the card by hand.",
    DocumentNotShown: "The document was attached but the card does not show it, or no longer shows it; it will not be attached a second time."
        => "If the card should have it, attach the file by hand.",
    UploadUnknown: "An earlier upload was interrupted, and the card shows no file from SmartSync; someone has to check whether the document is there before it is uploaded again."
        => "Look at the candidate's card. If the document is not there, run `smartsync sync --attach-again CONTRACT`.",
    UploadsUnknown: "Teamtailor did not say which files the candidate has, so none was added; the contract will be synced again.",
}

in_words_diagnostics! {
    // The form of the file.
    UnknownKey: "Unknown key."
        because "The key is misspelled or in the wrong table. It is not ignored, because a setting that does nothing looks like one that works."
        => "Write: the suggested key; or remove it.",
    WrongType: "A value has the wrong type: a string where a list is expected, for example."
        because "The key expects a different type of value."
        => "Write: a value of the type named. `[[field]]` has double square brackets, ids have no quotes, strings have quotes.",
    UnknownWord: "A value is not one of those that the key accepts."
        because "The key accepts only a few values."
        => "Write: one of the values listed; the closest match comes first.",
    MissingKey: "A pair of fields is missing one of its sides."
        because "Every entry pairs a data field of Oneflow with a field of the candidate in Teamtailor."
        => "Write: both `oneflow` and `teamtailor`.",
    EmptyKey: "The name of a data field is empty."
        because "An empty string names nothing."
        => "Write: the data field's custom_id. Oneflow shows it as the external key.",
    UnknownCandidateField: "Unknown candidate field."
        because "Without `custom:` only fields that every candidate has can be named: `first_name`, `last_name`, `email`, `phone`, `linkedin_url` and `pitch`."
        => "Write: `custom:` before the api-name of a custom field, or one of these names.",
    CustomFieldWithoutName: "`custom:` is not followed by a name."
        because "`custom:` says that a custom field follows."
        => "Write: its api-name, or its id, after the colon.",
    InvalidId: "Invalid id."
        because "Ids of template types and workspaces are whole numbers above 0."
        => "Write: the id as Oneflow shows it.",
    FileNameWithoutId: "The document's file name does not contain the contract's id."
        because "The contract's id in the file name identifies the signed document on the card. Without the id, the document would be attached again and again."
        => "Write: `({contract_id})`, parentheses included, somewhere in the name.",
    UnknownPlaceholder: "The document's file name has an unknown placeholder."
        because "The only placeholders are `{contract_name}` and `{contract_id}`."
        => "Write: one of the two, and no other braces.",

    // Finding the candidate.
    NoLink: "There is no way to find a contract's candidate."
        because "The methods in `link` are tried in turn. With none, no contract's candidate is found."
        => "Write: at least one method; or remove `link` for the default.",
    NoLinkDataField: "The data field for the link is needed but not named."
        because "The method `data_field` reads the link from a data field."
        => "Write: `link_data_field` with the custom_id of that data field.",
    LinkDataFieldUnused: "A data field for the link is named but not used."
        because "The data field is read and filled only if `link` contains the method `data_field`."
        => "Write: `\"data_field\"` in `link`; or remove `link_data_field`.",
    LinkDataFieldMapped: "The data field for the link is also mapped."
        because "The data field holds a signed token that names the candidate. Any other value in it would break the link."
        => "Write: another data field, on either side.",
    RepeatedItem: "A list contains the same item twice."
        because "The second one does nothing."
        => "Write: the item once.",

    // Entries against each other.
    DuplicateEntry: "The same pair of fields is mapped twice."
        because "Two entries pair the same two fields for the same contracts, and may have different rules for them. Entries for different `template_types` or `workspaces` do not conflict."
        => "Write: one entry.",
    DataFieldTwice: "One data field is paired with two candidate fields."
        because "What both sides last agreed on is stored per data field, so each data field of a contract can be paired with only one candidate field."
        => "Write: one entry, or entries for different contracts.",
    TwoSources: "Two data fields would write to the same candidate field."
        because "One of them would overwrite the other. Two data fields may show the same field of a candidate, but only one may write it."
        => "Write: `direction = \"to_oneflow\"` in all but one of the entries.",

    // Types.
    WrongDefaultFieldType: "A default field is given the wrong type."
        because "The type of a field that every candidate has is fixed."
        => "Write: no `type`.",
    TypeMismatch: "A custom field cannot hold values of the type set in the mapping."
        because "Teamtailor would refuse the values, or change them. A text field holds anything but the options of a select."
        => "Write: no `type`, since Teamtailor's definition gives it; or another custom field.",
    UnknownFieldType: "A custom field has a type that this version does not know."
        because "Teamtailor gives the field a type that is newer than this version, or that SmartSync cannot use."
        => "Write: the type of its values, such as `\"text\"`. Try it on one candidate first.",
    LossyBoth: "Values would be copied both ways but would not come back unchanged."
        because "People type anything into a text field of a card. As a number, a date or a checkbox it comes back from the contract in another form, or not at all."
        => "Write: `direction = \"to_teamtailor\"`, or a custom field of the type itself.",
    SelectWithoutOptions: "A select has no options."
        because "A select accepts only its options, and it has none."
        => "Write: nothing here; add the options to the select in Teamtailor.",
    TwoReadings: "Numbers or dates may be ambiguous."
        because "`1.234` can be more than a thousand or a little over one; `03/04/2031` can be in March or in April. Nothing is guessed: an ambiguous value is reported and not written back. Unambiguous values are."
        => "Write: `decimal` and `date_order` in the `locale` of `[sync]` or of the entry.",

    // The state of the contract.
    UnknownContractProperty: "A contract has no such property."
        because "`contract:` refers to a property of the contract itself. The only one is `contract:state`."
        => "Write: `contract:state`, or the custom_id of a data field.",
    StateDirection: "The contract's state can only be copied to the card."
        because "Nobody but the signers changes the state of a contract."
        => "Write: `direction = \"to_teamtailor\"`.",
    StateType: "The field cannot hold the contract's state."
        because "The state is a word: `pending`, `signed`, `declined` or `overdue`."
        => "Write: a text field or a select.",
    StateWithoutOption: "The select has no options for some of the contract's states."
        because "A state without an option of its name cannot be shown in the select."
        => "Write: nothing here; add these options to the select in Teamtailor, or use a text field.",

    // Settings that do nothing.
    RuleWithoutEffect: "A rule has no effect in its entry."
        because "`when`, `on_conflict`, `on_first_sight`, `on_empty` and `allow_identity` are rules for writing values back from a contract; `allow_identity` applies only to the candidate's field `email`."
        => "Write: the entry without the rule; or another `direction`.",
    UnusedLocale: "A locale setting has no effect on the values of its entry."
        because "Each locale setting applies to values of one type."
        => "Write: the locale without that setting.",
    UnusedFileName: "A file name is given, but no document is attached."
        because "No document is attached, so none needs a name."
        => "Write: `attach = true`, or no `file_name`.",
    OutsideSync: "An entry applies only to contracts that are not synced."
        because "`[sync]` excludes these contracts, so the entry applies to none."
        => "Write: the ids in `[sync]` as well; or no entry.",
    NothingMapped: "Nothing is synced."
        because "There is no entry, the convention is off, and no document is attached."
        => "Write: a `[[field]]` entry, or turn on the convention or the document.",

    // The two services.
    UnsupportedSchemas: "The saved schemas are in a different version of the format."
        because "The format of saved schemas has changed between two versions of SmartSync."
        => "Write: nothing here; save them again with `smartsync schema save`.",
    UnknownTemplateType: "Oneflow has no such template type."
        because "The id is wrong, the template type was deleted, or the Oneflow user has no access to it."
        => "Write: one of the ids that are listed.",
    UnknownWorkspace: "Oneflow has no such workspace."
        because "The id is wrong, the workspace was deleted, or the Oneflow user has no access to it."
        => "Write: one of the ids that are listed.",
    UnknownDataField: "Oneflow has no such data field."
        because "No template type has a data field with this custom_id. The custom_id is not the name shown in the user interface."
        => "Write: the suggested custom_id, or another existing one.",
    DataFieldElsewhere: "A data field exists only on other template types."
        because "The data field exists, but not in the contracts that the entry applies to."
        => "Write: the template type's id in `template_types`; or another data field.",
    DataFieldInactive: "A data field is inactive."
        because "Inactive data fields do not appear in contracts."
        => "Write: another data field; or activate it in Oneflow.",
    DataFieldOfSystem: "Oneflow would ignore values written to a data field."
        because "Oneflow reports success, but leaves the field unchanged."
        => "Write: `direction = \"to_teamtailor\"`, or a data field that a user has created.",
    UnknownCustomField: "Teamtailor has no such custom field."
        because "No candidate custom field has this api-name or id. The api-name is not the name shown in the user interface."
        => "Write: the suggested api-name, or another existing one.",
    CustomFieldOfJobs: "A custom field belongs to jobs, not to candidates."
        because "A job's custom field does not appear on candidates' cards."
        => "Write: a custom field of candidates; create one in Teamtailor if there is none.",
    AmbiguousCustomField: "Several custom fields have the same api-name."
        because "The api-name does not identify one of them."
        => "Write: the id of the one you mean: `custom:39`.",

    // The convention.
    ConventionReplaced: "An entry replaces a pair of the convention."
        because "The convention would pair one of the two fields with another one. The entry takes precedence, and that pair is not synced."
        => "Write: nothing, if this is intended.",
    ConventionRepeated: "An entry repeats what the convention already does."
        because "The convention already has the same pair with the same rules."
        => "Write: no entry; or add a rule to it.",
    ConventionOfSystem: "The convention pairs data fields that cannot be prefilled."
        because "The data fields belong to a Oneflow integration, and Oneflow ignores values that others write to them: `smartsync create` then reports `not-taken-over-by-oneflow`. What people fill in is still written back, though to a default field of the card only through an entry."
        => "Write: nothing, if this is intended; otherwise create data fields of your own in Oneflow.",

    // What Teamtailor refuses.
    EmailNotCleared: "Teamtailor does not allow an e-mail address to be cleared."
        because "Every candidate who was not sourced by a recruiter needs an e-mail address. If it were cleared in the contract, the field would end as failed."
        => "Write: `on_empty = \"keep\"`, which is the default.",

    // The form of the file, once more.
    UnknownCountry: "Unknown country code."
        because "The country determines how a telephone number without a calling code is dialled. It is given as the two-letter code of ISO 3166, in capitals."
        => "Write: the code, such as `\"SE\"`.",
    UnknownCurrency: "Unknown currency code."
        because "The currency says which currency the amounts are in, so that an amount in another one is not mistaken for it. It is given as the three-letter code of ISO 4217, in capitals."
        => "Write: the code, such as `\"SEK\"`.",
    FileNameTooLong: "The document's file name is too long."
        because "A file name has at most 255 bytes. If necessary, the contract's name is shortened, but the template's own text is not."
        => "Write: a shorter name.",

    // Finding the candidate, once more.
    LinkDataFieldNotOnAll: "The data field for the link does not exist on all template types."
        because "The contracts of the other template types have no such data field, so the method `data_field` never finds their candidate. Another method in `link` may."
        => "Write: `template_types` with those that have it; or create the data field on the others too in Oneflow.",

    // The entries beside each other, once more.
    TypesDiffer: "A candidate field is written with two different types."
        because "The sync stores what it has written to a card field in the form of the type. With another type it would not recognise its own value, and would treat it as a person's edit for ever. This also applies to entries of different template types."
        => "Write: the same `type` in all entries of the field.",

    // Finding the candidate by address.
    EmailWithoutScope: "E-mail addresses would link contracts of every kind."
        because "An e-mail address proves nothing about a participant. Without a scope, any contract in the account that has a candidate's address on it, even a sales quote, would write to that candidate's card."
        => "Write: `template_types` or `workspaces` in `[sync]`, with the ids used for candidates' contracts; `smartsync check` lists those it has seen. Or remove `email`.",
    ByEmailUnused: "A setting for contracts linked by e-mail address has no effect."
        because "`by_email` also attaches the signed document to the card of a candidate who was found by the method `email`. Without that method in `link`, or without documents at all, it does nothing."
        => "Write: `email` in `link`, with a scope; or remove `by_email`.",
    // What a participant could do.
    IdentityNotAllowed: "An e-mail address would be written back without explicit consent in the mapping."
        because "Anyone who has a contract's link can type into its fields. The address on the card is where recruiters write to and where the next contract is sent, and it is probably a login."
        => "Write: `direction = \"to_oneflow\"` to only prefill it into new contracts; `allow_identity = true` to write it back anyway, which then happens once everyone has signed unless `when` says otherwise.",
    ClearedUnsigned: "A value would be cleared before everyone has signed."
        because "Anyone who has a contract's link can clear its fields. That alone never clears a card; an empty field that everyone has signed is another matter."
        => "Write: `when = \"all_signed\"` as well; or `on_empty = \"keep\"`, which is the default.",
}
