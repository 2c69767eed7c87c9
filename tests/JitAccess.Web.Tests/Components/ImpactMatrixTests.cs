using AngleSharp.Dom;
using Bunit;
using JitAccess.Web.Components.Policies.Impact;

namespace JitAccess.Web.Tests.Components;

public sealed class ImpactMatrixTests(ImpactFilterTests.Analysed analysed) : BunitContext, IClassFixture<ImpactFilterTests.Analysed>
{
    [Fact]
    public void ImpactMatrix_PairsMove_CountsThemAndLeadsToThem()
    {
        IRenderedComponent<ImpactMatrix> matrix = Shown();

        IElement lost = matrix.Find("td.none a");
        Assert.StartsWith("3 from needs approval to not covered", lost.TextContent, StringComparison.Ordinal);
        Assert.EndsWith("?cell=NeedsApproval-NotCovered", lost.GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public void ImpactMatrix_PairsKeepTheOutcomeOnOtherTerms_SaysHowMany() =>
        Assert.StartsWith("6 change", Shown().Find("td.other a").TextContent, StringComparison.Ordinal);

    [Fact]
    public void ImpactMatrix_AnyReport_HasTotalsOfBothSides()
    {
        IRenderedComponent<ImpactMatrix> matrix = Shown();

        Assert.Equal(["0", "9", "0", "0", "9"], matrix.FindAll("td.sum").Select(cell => cell.TextContent));
        Assert.Equal(["0", "6", "0", "3", "9"], matrix.FindAll("tr.total td").Select(cell => cell.TextContent));
    }

    private IRenderedComponent<ImpactMatrix> Shown() => Render<ImpactMatrix>(parameters => parameters
        .Add(matrix => matrix.Counts, analysed.Report.Counts)
        .Add(matrix => matrix.BeforeName, "version 1")
        .Add(matrix => matrix.AfterName, "the draft"));
}
