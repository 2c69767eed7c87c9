using JitAccess.EndToEnd.Tests.Stage;
using JitAccess.Sandbox.Aws;
using static Microsoft.Playwright.Assertions;

namespace JitAccess.EndToEnd.Tests;

/// <summary>Nodes with <c>env=prod</c>: two levels, one approval each.</summary>
public sealed class TwoLevels(RunningSandbox sandbox) : Story(sandbox)
{
    [Fact]
    public async Task Production_ApprovedByTwoPeople_OpensOnlyAfterTheSecond()
    {
        Person requester = await SignInNewAsync();
        await requester.FillRequestAsync(DefaultWorld.PaymentsApi, "Payments are late");
        await requester.SeesAsync("“Production” asks for 2 approvals in 2 levels, up to 4 h.");
        await requester.Button("Submit request").ClickAsync();
        Guid request = await requester.ArrivesAtRequestAsync();
        await requester.SeesAsync("Pending, level 1 of 2");

        Person approver = await SignInAsync("approver");
        await approver.OpenAsync($"/requests/{request}");
        await approver.ButtonThatBegins("Approve").ClickAsync();
        await approver.SeesAsync("You have answered this request already.");
        await Expect(approver.ButtonThatBegins("Approve")).ToHaveCountAsync(0);

        await requester.SeesAsync("Pending, level 2 of 2");
        await requester.SeesAsync("Level 1 of 2 approved");
        await Expect(requester.Heading("Your grant")).ToHaveCountAsync(0);

        Person second = await SignInAsync("approver2");
        await second.OpenAsync("/approvals");
        await second.OpenInListAsync(requester, "payments-api-1");
        await second.ButtonThatBegins("Approve").ClickAsync();
        await Expect(requester.Heading("Your grant")).ToBeVisibleAsync();
        await requester.SeesAsync("Level 2 of 2 approved");
    }

    [Fact]
    public async Task Production_ApprovedByTwoPeopleAtOnce_CountsBothAndConnectsWhoWaits()
    {
        Person requester = await SignInNewAsync();
        await requester.FillRequestAsync(DefaultWorld.PaymentsDatabase, "The index is corrupt", connect: true);
        await requester.Button("Submit request").ClickAsync();
        Guid request = await requester.ArrivesAtRequestAsync();
        Person[] approvers = [await SignInAsync("approver"), await SignInAsync("approver2")];
        foreach (Person approver in approvers)
        {
            await approver.OpenAsync($"/requests/{request}");
            await Expect(approver.ButtonThatBegins("Approve")).ToBeEnabledAsync();
        }

        await Task.WhenAll(approvers.Select(approver => approver.ButtonThatBegins("Approve").ClickAsync()));
        await requester.ArrivesInTerminalAsync();
        Assert.Equal(2, await Sandbox.ReviewsOfAsync(request));
    }

    [Fact]
    public async Task OwnRequest_OfAnApprover_CannotBeAnsweredByThem()
    {
        Person approver = await SignInNewAsync(like: "approver");
        await approver.AskAsync(DefaultWorld.PaymentsDatabase, "The index is corrupt");
        await approver.SeesAsync("Pending, level 1 of 2");
        await Expect(approver.ButtonThatBegins("Approve")).ToHaveCountAsync(0);

        await approver.OpenAsync("/approvals");
        await Expect(approver.Title("Approvals")).ToBeVisibleAsync();
        await Expect(approver.Row(approver.Name, "payments-db-1")).ToHaveCountAsync(0);
        await approver.Link("All pending").ClickAsync();
        await approver.OpenInListAsync(approver, "payments-db-1");
        await approver.SeesAsync("Nobody decides about themselves");
        await Expect(approver.ButtonThatBegins("Approve")).ToHaveCountAsync(0);
    }
}
