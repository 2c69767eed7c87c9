namespace JitAccess.Web.Audit.Export;

/// <summary>What a file of audit entries looks like.</summary>
public enum ExportFormat
{
    /// <summary>Comma-separated values, for spreadsheets.</summary>
    Csv,

    /// <summary>One JSON object a line, exactly as stored.</summary>
    JsonLines,

    /// <summary>One event of the Open Cybersecurity Schema Framework a line, for a SIEM.</summary>
    Ocsf,
}
