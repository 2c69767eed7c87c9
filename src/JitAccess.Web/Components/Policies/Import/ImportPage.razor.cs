using System.Text;
using JitAccess.Domain.People;
using JitAccess.Web.Components.Shared;
using JitAccess.Web.Policies;
using JitAccess.Web.Policies.Documents;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;

namespace JitAccess.Web.Components.Policies.Import;

/// <summary>Takes a document, shows what it changes, and only then writes it into the draft.</summary>
public sealed partial class ImportPage(PolicyQueries queries, PolicyService service, NavigationManager navigation)
{
    private string text = "";
    private string name = "";
    private string fileName = "";
    private byte[]? content;
    private ImportPreview? preview;
    private Failure? failure;

    [CascadingParameter] private Actor Actor { get; set; } = null!;

    private string? Obstacle => PolicyService.CanWrite(Actor).Message ?? (content is null ? "Choose a file, or paste a document." : null);

    private async Task ReadFileAsync(InputFileChangeEventArgs change)
    {
        (preview, failure, content, text) = (null, null, null, "");
        if (change.File.Size > PolicyImports.MaximumBytes)
        {
            failure = new Failure($"{change.File.Name} has {change.File.Size} bytes; at most {PolicyImports.MaximumBytes} are read.");
            return;
        }
        using MemoryStream copy = new();
        await change.File.OpenReadStream(PolicyImports.MaximumBytes).CopyToAsync(copy);
        (fileName, content) = (change.File.Name, copy.ToArray());
        await PreviewAsync();
    }

    private void Pasted(string pasted) =>
        (text, fileName, content, preview, failure) = (pasted, "", pasted.Trim().Length == 0 ? null : Encoding.UTF8.GetBytes(pasted), null, null);

    private async Task PreviewAsync()
    {
        failure = null;
        preview = await queries.PreviewAsync(Actor, fileName, content!, name.Trim().Length == 0 ? null : name.Trim(), CancellationToken.None);
    }

    private async Task ImportAsync()
    {
        failure = null;
        await service.ImportAsync(Actor, preview!.Revision, preview.Import, publishComment: null, CancellationToken.None);
        navigation.NavigateTo("policies/draft");
    }
}
