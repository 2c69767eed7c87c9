using System.Globalization;
using JitAccess.Web.Audit;
using Microsoft.AspNetCore.Http.Extensions;

namespace JitAccess.Web.Components.Audit;

/// <summary>The filter of the audit's page as it stands in the address. The exports take the same names.</summary>
public static class AuditAddress
{
    /// <summary>The page, or one of its exports, with a filter.</summary>
    public static string Of(string path, AuditFilter filter)
    {
        QueryBuilder query = [];
        void Add(string name, string? value)
        {
            if (value is not null) query.Add(name, value);
        }
        Add("from", filter.From?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Add("until", filter.Until?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Add("person", filter.Person);
        foreach (string action in filter.Actions) Add("action", action);
        Add("node", filter.Node);
        Add("subject", filter.Subject);
        Add("why", filter.Text);
        Add("version", filter.Version?.ToString(CultureInfo.InvariantCulture));
        return path + query.ToQueryString().Value;
    }
}
